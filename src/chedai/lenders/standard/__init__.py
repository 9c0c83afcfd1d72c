"""Any lender that speaks the lender protocol over HTTP."""
