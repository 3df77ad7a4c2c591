"""Documents and decisions as prose for people: sentences, blocks, pages, and how they render."""
