"""Documents and decisions as prose."""
