"""One decision, by this project, by hand-written Python and by other rule engines."""
