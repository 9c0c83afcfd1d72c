"""Lenders behind one port: what is said to them, and what they answer."""
