"""Two months of customers: who they are, when they came, and what was done for them."""
