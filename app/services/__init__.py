"""What a screen or a command may ask for. Importing any of these modules loads no database and no cryptography."""
