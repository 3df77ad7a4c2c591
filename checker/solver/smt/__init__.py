"""The same formulas for an SMT solver: a second procedure behind the boxes."""
