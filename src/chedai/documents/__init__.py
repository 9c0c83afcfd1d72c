"""Document types, their readers and what is printed; no Django."""
