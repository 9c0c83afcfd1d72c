"""What would make it pass: for each product the smallest and cheapest change from ✗ to ✓.

``find_pass`` takes a ``PassCase`` and gives a ``PassRoute`` or what is ``Impassable``;
``solve_over_products`` finds which product reaches a target, and at what price.
"""
