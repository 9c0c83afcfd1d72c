"""Planning 方案设计: the desk, three honest plans, the printed proposal."""
