"""Worker processes that answer questions of a server, which can end those that take too long."""
