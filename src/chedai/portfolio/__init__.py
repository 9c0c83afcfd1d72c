"""The whole book at once, as of any day: columns in, columns out, no Django.

What is owed is a table of *open items*: one row for each stretch of days in which what is unpaid of
one instalment stays the same. A close of a day reads it once and never orders by time.
"""
