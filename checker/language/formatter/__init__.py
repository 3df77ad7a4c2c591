"""One layout for all documents: keys in order, short values in brackets, comments kept."""
