"""A language server: what the program knows of documents, in an editor and while one types."""
