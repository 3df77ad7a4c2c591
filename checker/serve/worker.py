"""A process that answers: one question a line in, one answer a line out, until its input ends.

What documents make the program do is done here, so that it can be ended at any time.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from checker.language.resolve.case_files import read_json
from checker.language.syntax.problems import UsageError
from checker.language.syntax.resources import data_folder
from checker.serve.handlers import ANSWERS
from checker.serve.openapi import wrong_with
from checker.serve.request import Asked, Refused


def main() -> None:
    """Answer what comes on standard input, by the documents in the roots that are named."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever prints does not print into an answer
    roots = [*map(Path, sys.argv[1:])]
    while line := sys.stdin.buffer.readline():
        question = json.loads(line)
        status, body = answer(
            question["task"], question["body"].encode(errors="surrogateescape"), roots
        )
        answers.write(json.dumps({"status": status, "body": _without_places(body, roots)}) + "\n")
        answers.flush()


def answer(task: str, body: bytes, roots: Sequence[Path]) -> tuple[int, str]:
    """Return the status and the JSON text that answer a request of the task."""
    try:
        found = ANSWERS[task](Asked(_read(task, body), roots))
        return 200, json.dumps(found)
    except Refused as error:
        return error.status, problem(error.status, error.detail)
    except UsageError as error:
        return 422, problem(422, str(error))
    except RecursionError:
        return 422, problem(422, "the documents are nested too deep")
    except Exception:
        traceback.print_exc()
        return 500, problem(500, "an error of this program; its standard error says more")


def _read(task: str, body: bytes) -> Any:
    """Return the request in `body`; Refused where it is none of the task."""
    try:
        found = read_json(body)
    except ValueError as error:
        raise Refused(400, str(error)) from None
    wrong = wrong_with(found, task)
    if wrong:
        raise Refused(422, wrong)
    return found


def problem(status: int, detail: str) -> str:
    """Return an error as JSON (RFC 9457)."""
    title = HTTPStatus(status).phrase
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})


def _without_places(text: str, roots: Sequence[Path]) -> str:
    """Return a JSON text in which files are named from their root on, and not where that lies."""
    for root in (*roots, data_folder("policy")):
        if root.is_absolute():
            text = text.replace(json.dumps(f"{root}{os.sep}")[1:-1], "")
    return text


if __name__ == "__main__":
    main()
