"""Decides one case: policies compiled to Python or interpreted, and cases drawn at the edges."""
