"""The mathematics of a loan: terms, schedules, cost, prepayment, and how each number came about."""
