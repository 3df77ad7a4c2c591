"""Conditions in sentences, in English and Chinese."""
