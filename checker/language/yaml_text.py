"""Plain data as YAML that the language reads back as the same data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from checker.language.scalars import resolve


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    try:
        plain = resolve(text) == text
    except ValueError:
        plain = False
    # PyYAML quotes what YAML 1.1 reads as something else, which 1.2 reads as strings: harmless,
    # but for dates, which everyone writes without quotes.
    style = None if plain else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{number:f}")


_Dumper.add_representer(str, _string)
_Dumper.add_representer(Decimal, _number)


def yaml_text(data: Any) -> str:
    """Return `data` as YAML text, maps in their own order."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
