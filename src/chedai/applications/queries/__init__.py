"""Questions about the flow of deals."""
