"""The only room that speaks SQL. Loads SQLAlchemy and SQLCipher: imported after a passphrase was typed."""
