"""The batched kernel: many loans at once, to the fen what ``core.loans`` says of each.

``price_columns`` takes ``LoanColumns`` and gives ``LoanQuotes``. How a repayment method gets into
the compiled kernel: ``docs/howto/add_a_method_to_the_kernel.md``.
"""
