"""What is at each position of a document, and what the names in it mean."""
