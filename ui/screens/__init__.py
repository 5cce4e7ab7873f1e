"""One package a screen: a widget made of (desk, tasks, language) that emits past-tense signals."""
