"""流程推进: whose move it is, by when, and how the deal gets to the road."""
