"""Proofs of overrides: what sampling misses of them, and what they are timed on."""
