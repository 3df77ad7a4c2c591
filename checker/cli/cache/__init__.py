"""Remembered results: which result belongs to which documents, and where it is kept."""
