"""Acts of the flow."""
