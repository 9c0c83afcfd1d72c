"""Signs that a customer may soon need help: what is looked at, and from which number on."""
