"""Checks certificates; shares no code with the proofs but the parser of documents."""
