"""Keys, seals and signatures; everything rests on the `cryptography` package, imported when it is first needed."""
