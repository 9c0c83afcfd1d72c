"""Pages of the flow."""
