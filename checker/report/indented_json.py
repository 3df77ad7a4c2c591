"""JSON with an indentation, as `json.dumps(data, ensure_ascii=False, indent=2)` writes it.

The standard encoder has C code for JSON on one line alone, and takes seconds for a log of many
findings with an indentation. Here it writes scalars, and this module the lines.
"""

from __future__ import annotations

import json
from typing import Any

_scalar = json.JSONEncoder(ensure_ascii=False).encode


def indented(data: Any, line_start: str = "\n") -> str:
    """Return plain data, whose keys are strings, as JSON with an indentation of two.

    Args:
        data: maps, lists and scalars.
        line_start: the line end and the indentation of the line that the data begins on.
    """
    inner = line_start + "  "
    if isinstance(data, dict) and data:
        lines = [f"{_scalar(key)}: {indented(value, inner)}" for key, value in data.items()]
        return "".join(["{", inner, f",{inner}".join(lines), line_start, "}"])
    if isinstance(data, list | tuple) and data:
        lines = [indented(item, inner) for item in data]
        return "".join(["[", inner, f",{inner}".join(lines), line_start, "]"])
    return _scalar(data)
