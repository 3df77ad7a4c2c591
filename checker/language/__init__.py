"""The documents: from text to typed, resolved policies, with a position for every error."""
