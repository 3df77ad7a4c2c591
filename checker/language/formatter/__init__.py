"""One layout for all documents: keys in order, short things in brackets, comments kept."""
