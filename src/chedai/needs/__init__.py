"""Spoken needs: a sentence becomes chips, chips become facts; no Django, no model, no network."""
