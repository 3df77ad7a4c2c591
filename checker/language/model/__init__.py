"""Typed documents: vocabularies, policies, overrides, conditions."""
