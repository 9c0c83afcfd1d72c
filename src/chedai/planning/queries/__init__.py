"""Questions of planning."""
