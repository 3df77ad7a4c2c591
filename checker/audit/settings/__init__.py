"""Sellers' settings audited: a table with a row a seller, or a folder of overrides."""
