"""The parts of the auditor's page: words, charts, data, template, style and script."""
