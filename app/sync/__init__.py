"""LINK: what goes between a laptop and the centre, by network or by stick. No SQL here; both sides use this room."""
