"""The worker's side: reads one question a line and writes one answer a line, both JSON.

A worker ends when its input ends, also in the middle of a question, since nobody waits for the
answer. It may be ended at any time, since it changes nothing. It also ends where a question needs
more memory than a worker has.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

MOST_MEMORY = 3 << 29  # bytes of address space, of which at most two thirds are data

Task = Callable[[Any], Any]  # from an argument to an answer, both JSON


def answer_questions(tasks: Mapping[str, Task]) -> None:
    """Answer the questions on standard input with the tasks; an error ends this process.

    `os._exit` ends it, since an ordinary exit would wait for the reading thread.
    """
    _limit_memory()
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # a `print` must not write into an answer
    questions: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_read_questions, args=[questions], daemon=True).start()
    try:
        while True:
            question = json.loads(questions.get())
            answer = tasks[question["task"]](question["argument"])
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
    except MemoryError:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _limit_memory() -> None:
    """Limit the memory of this process, where the system can."""
    with suppress(ImportError, OSError, ValueError):  # a system without limits, or a lower limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _read_questions(questions: SimpleQueue[bytes]) -> None:
    """Read questions in a thread of its own, which notices the end of the input at once."""
    for line in sys.stdin.buffer:
        questions.put(line)
    os._exit(0)
