"""Fuzzing by structure: documents and other files, changed, through every command."""
