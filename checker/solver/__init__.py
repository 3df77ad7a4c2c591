"""Is there a case such that …? Decided by unions of boxes, or by an SMT solver where they fail."""
