"""Waiting in a store: the published order, how long it takes, and when there is room."""
