"""The tasks of a worker process, which answers requests and can be ended at any time."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from checker.language.resolve.case_files import read_json
from checker.language.syntax.problems import UsageError
from checker.language.syntax.resources import data_folder
from checker.serve.handlers import HANDLERS
from checker.serve.openapi import request_error
from checker.serve.request import ApiError, ApiRequest
from checker.workers.process import Task, answer_questions


def answer(task: str, body: bytes, roots: Sequence[Path]) -> tuple[int, str]:
    """Return the HTTP status and the JSON text that answer a request of the task."""
    try:
        result = HANDLERS[task](ApiRequest(_read(task, body), roots))
        return 200, json.dumps(result)
    except ApiError as error:
        return error.status, problem(error.status, error.detail)
    except UsageError as error:
        return 422, problem(422, str(error))
    except RecursionError:
        return 422, problem(422, "the documents are nested too deep")
    except MemoryError:
        raise  # which ends this process
    except Exception:
        traceback.print_exc()
        return 500, problem(500, "an error of this program; its standard error says more")


def _read(task: str, body: bytes) -> Any:
    """Return the request in `body`; ApiError where it is no valid request of the task."""
    try:
        request = read_json(body)
    except ValueError as error:
        raise ApiError(400, str(error)) from None
    reason = request_error(request, task)
    if reason:
        raise ApiError(422, reason)
    return request


def problem(status: int, detail: str) -> str:
    """Return an error as JSON (RFC 9457)."""
    title = HTTPStatus(status).phrase
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})


def _without_root_paths(text: str, roots: Sequence[Path]) -> str:
    """Return a JSON text in which the paths of files are relative to their root."""
    for root in (*roots, data_folder("policy")):
        if root.is_absolute():
            text = text.replace(json.dumps(f"{root}{os.sep}")[1:-1], "")
    return text


def _request_task(task: str) -> Task:
    """Return a task whose argument has the body of a request and the roots."""

    def respond(argument: Any) -> dict[str, Any]:
        roots = [*map(Path, argument["roots"])]
        status, body = answer(task, argument["body"].encode(errors="surrogateescape"), roots)
        return {"status": status, "body": _without_root_paths(body, roots)}

    return respond


TASKS = {task: _request_task(task) for task in HANDLERS}

if __name__ == "__main__":
    answer_questions(TASKS)
