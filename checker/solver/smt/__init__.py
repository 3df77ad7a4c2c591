"""The same questions put to an SMT solver."""
