"""Signing in, the locked screen, the way back by the recovery sheet: each imported when it is shown."""
