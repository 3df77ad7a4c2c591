"""The parts of the auditor's page: catalog, charts, data, template, style and script."""
