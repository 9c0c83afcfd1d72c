"""From instalments and payments to open items: who is paid what, in the lender's order."""
