"""The criteria: dated law as data (a rule pack), and pure functions that apply it to the facts of one case.

`load_pack` refuses what is malformed, uncited or tampered with; `propose` gives the proposal with its trace;
`explain` puts it into words of three languages; `check_pack` proves a pack over the whole space of facts.
"""
