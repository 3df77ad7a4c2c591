"""The playground's page: HTML, style and scripts, as they are served."""
