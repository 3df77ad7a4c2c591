"""Pages written as Markdown, HTML and text."""
