"""What an editor asks of a document: completion, hover, navigation, diagnostics, quick fixes."""
