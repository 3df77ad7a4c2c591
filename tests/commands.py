"""The command line, called in this process: arguments in, status and output out."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from unittest import mock

from checker.cli.main import main


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def checker(*arguments: object, stdin: bytes = b"") -> Result:
    """Return what `checker` says to the arguments; anything but an exit is an error."""
    out, err = _Stream(io.BytesIO(), "utf-8"), _Stream(io.BytesIO(), "utf-8")
    given = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    argv = ["checker", *map(str, arguments)]
    with (
        mock.patch.object(sys, "argv", argv),
        mock.patch.object(sys, "stdin", given),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        try:
            main()
        except SystemExit as stop:
            status = stop.code
    assert isinstance(status, int)
    return Result(status, out.text(), err.text())
