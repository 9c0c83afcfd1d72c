"""Numbers only: no Django, no files, no clock, no network."""
