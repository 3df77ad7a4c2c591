"""What follows of documents: proofs, limits, comparisons, repairs, checks."""
