"""The demo world: two invented organisations and everything they know."""
