"""What an editor offers: completion, hover, navigation, diagnostics, quick fixes."""
