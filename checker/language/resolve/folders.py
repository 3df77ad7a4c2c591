"""Finds the documents below a folder, and the folder of policies to look in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path as FilePath

SUFFIXES = (".yaml", ".yml")


def documents_below(folder: FilePath, suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[FilePath]:
    """Yield the files below `folder`, sorted; hidden files and folders are passed over.

    Args:
        folder: the folder; links to other folders are followed.
        suffixes: the endings of the files' names, in lower case; those of YAML by default.
    """
    seen: set[str] = set()  # each folder once, even where links lead in a circle
    for current_folder, folders, files in os.walk(folder, followlinks=True):
        real_path = os.path.realpath(current_folder)
        if real_path in seen:
            folders.clear()
            continue
        seen.add(real_path)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield FilePath(current_folder, name)


def nearest_policy_folder(start: FilePath) -> FilePath | None:
    """Return the nearest folder named `policy` at or above `start`, None where there is none."""
    for folder in (start, *start.parents):
        if folder.name == "policy" and folder.is_dir():
            return folder
        if (folder / "policy").is_dir():
            return folder / "policy"
    return None
