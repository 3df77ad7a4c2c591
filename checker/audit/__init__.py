"""Audits in bulk: tables of returns or of settings, wherever they lie, as column expressions."""
