"""Sellers' settings and returns as other formats state them, read and written."""
