"""Text to plain data with positions: YAML, JSON Schema, problems."""
