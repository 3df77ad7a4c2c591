"""Conditions as column expressions: many cases at once, in Polars or SQL."""
