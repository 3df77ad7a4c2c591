"""Audit of sellers' settings: a table with one row for each seller, or a folder of overrides."""
