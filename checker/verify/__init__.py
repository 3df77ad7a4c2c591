"""Checks certificates: shares no code with what proves, but reading documents."""
