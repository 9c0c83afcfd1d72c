"""Questions of reception."""
