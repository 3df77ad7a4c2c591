"""Audits, side by side with the same one written by hand."""
