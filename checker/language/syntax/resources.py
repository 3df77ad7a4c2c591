"""Where the data that ships with the program lies: in a checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def data_folder(name: str) -> Path:
    """Return the folder `policy` or `schemas` that came with the program."""
    shipped = _PACKAGE / "data" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def schema_text(name: str) -> str:
    """Return the JSON text of the schema `name`."""
    return (data_folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
