"""Is there a case such that …? Unions of boxes decide; an SMT solver stands behind them."""
