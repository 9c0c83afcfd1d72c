"""Law and house rules with dates, scope and clause; no Django."""
