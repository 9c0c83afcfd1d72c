"""The list of next actions at 100,000 open deals."""
