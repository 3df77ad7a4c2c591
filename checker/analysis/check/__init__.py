"""Documents validated, tested and proved: their findings."""
