"""Processes that answer questions of a server, so that it can end whatever takes too long."""
