"""The page of each kind of document, as blocks."""
