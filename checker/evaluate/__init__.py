"""The readings of the condition tree: decided, drawn, and said in words."""
