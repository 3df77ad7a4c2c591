"""Tasks of workers in tests: one that answers, one without an end, and one that needs memory."""

from __future__ import annotations

from typing import Any

from checker.workers.process import answer_questions


def echo(argument: Any) -> Any:
    return argument


def endless(_: Any) -> Any:
    while True:
        pass


def large(argument: Any) -> Any:
    return len(bytearray(argument << 30))


if __name__ == "__main__":
    answer_questions({"echo": echo, "endless": endless, "large": large})
