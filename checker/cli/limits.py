"""`checker limits`: the exact values that each setting may take."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from checker.analysis.claims import Required
from checker.analysis.limits import Limit, limits
from checker.cli.common import format_option, on_option, open_library, roots_option, today
from checker.language.library import NotFound
from checker.language.problems import Unusable
from checker.language.worlds import Broken, Resolver
from checker.readings.boxes import Undecided


@click.command("limits")
@click.argument("policy", metavar="POLICY")
@roots_option
@on_option
@format_option
def command(policy: str, roots: tuple[Path, ...], on: int | None, form: str) -> None:
    """Print the values that each setting of POLICY may take.

    Those, and no others, for which an override that changes this setting alone, and has no
    rules, rejects no return it must accept, defers none, and offers no worse term.
    """
    library, _ = open_library(roots)
    try:
        world = Resolver(library).world(policy, on if on is not None else today())
        found = limits(Required(world))
    except (NotFound, Broken) as error:
        raise Unusable(str(error)) from None
    except Undecided:
        click.echo(f"checker: the limits of {policy} can't be decided within the budget", err=True)
        sys.exit(1)
    name = world.policy.name
    if form == "json":
        settings = {key: limit.as_json() for key, limit in found.items()}
        click.echo(json.dumps({"policy": name, "settings": settings}, ensure_ascii=False))
        return
    click.secho(name, bold=True)
    for key, limit in found.items():
        click.echo(f"  {key}: {_words(limit)}")


def _words(limit: Limit) -> str:
    shown = limit.as_json()
    if limit.members is not None:
        return "; ".join(
            f"{fate} {', '.join(shown[fate])}" for fate in ("must", "may", "never") if shown[fate]
        )
    if not shown["allowed"]:
        return "no value passes"
    if limit.parameter.type.ordered:
        return ", ".join(_interval(*ends) for ends in shown["allowed"])
    return " or ".join(str(each).lower() for each in shown["allowed"])


def _interval(low: object, high: object) -> str:
    if low == high and low is not None:
        return str(low)
    if high is None:
        return "any" if low is None else f"{low} or more"
    return f"up to {high}" if low is None else f"{low} to {high}"
