"""`exchange` documents: how statements of other formats map to a policy."""
