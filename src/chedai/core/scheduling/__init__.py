"""One store's day: who receives whom and when; and a floor simulated to ask what if."""
