"""The policies and schemas that ship with the program, in a checkout or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def data_folder(name: str) -> Path:
    """Return the folder `policy` or `schemas` that ships with the program."""
    folder_in_wheel = _PACKAGE / "data" / name
    return folder_in_wheel if folder_in_wheel.is_dir() else _PACKAGE.parent / name


def schema_text(name: str) -> str:
    """Return the JSON text of the file `schemas/NAME.schema.json`."""
    return (data_folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
