"""Files as sources of audits: scanned, checked line by line, their columns typed."""
