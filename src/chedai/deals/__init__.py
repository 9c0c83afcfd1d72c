"""The deal 单子: one customer, one car, from reception to settlement."""
