"""Findings and decisions as text and JSON."""
