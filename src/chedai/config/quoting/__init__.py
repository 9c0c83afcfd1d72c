"""``chedai quote``: one offer, or a file of them, at their true cost; no database, no Django."""
