"""Overrides and policies proved for every case, or their plainest counterexamples."""
