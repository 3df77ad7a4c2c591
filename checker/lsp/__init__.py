"""A language server: findings, completion, hover, navigation and fixes while one types."""
