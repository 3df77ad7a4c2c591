"""Documents and decisions as prose: blocks of sentences, and what writes them down."""
