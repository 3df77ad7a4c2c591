"""What servers log on standard error, where editors keep it in files: lines that do nothing."""

from __future__ import annotations

import logging

from checker.language.syntax.printable import terminal_line


def start_log() -> None:
    """Log warnings and errors of the libraries to standard error, safe to print."""
    handler = logging.StreamHandler()
    handler.setFormatter(_SafeFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


class _SafeFormatter(logging.Formatter):
    """Writes a record as one line, and those of its traceback, indented, below."""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info).split("\n") if record.exc_info else []
        lines = [record.getMessage(), *(f"    {line}" for line in trace)]
        return "\n".join(map(terminal_line, lines))
