"""Reads and writes sellers' settings and returns in other formats."""
