"""How an override is repaired: edits, where they may help, and what they make of its text."""
