"""Questions to the catalogue."""
