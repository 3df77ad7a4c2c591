"""`checker limits`: the exact values that each setting may take."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checker.analysis.limits.joint import joint
from checker.analysis.limits.per_setting import limits
from checker.analysis.limits.results import Joint
from checker.analysis.prove.requirements import RequirementFormulas
from checker.cli.echo import echo, echo_json, echo_text
from checker.cli.options import format_option, on_option, roots_option
from checker.language.formatter.dump import yaml_text
from checker.language.resolve.library import NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import UsageError
from checker.report.limits import limit_words, limits_json
from checker.report.limits_schema import limits_schema
from checker.solver.box_search import Undecided


@click.command("limits")
@click.argument("policy", metavar="POLICY")
@roots_option
@on_option
@format_option
@click.option("--schema", is_flag=True, help="Print a JSON Schema of them, for editors.")
def command(policy: str, roots: tuple[Path, ...], on: int | None, form: str, schema: bool) -> None:
    """Print the values that each setting of POLICY may take.

    Those, and no others, for which an override that changes this setting alone, and has no
    rules, rejects no return it must accept, defers none, and offers no worse term. Then the
    condition under which settings pass that are changed together.
    """
    library, _ = open_library(roots)
    try:
        resolved = Resolver(library).resolve(policy, on if on is not None else today())
        required = RequirementFormulas(resolved)
        limits_by_name = limits(required)
    except (NotFound, InvalidDocument) as error:
        raise UsageError(str(error)) from None
    except Undecided:
        echo(f"checker: the limits of {policy} can't be decided within the budget", err=True)
        sys.exit(1)
    if schema:
        settings_schema = limits_schema(resolved.policy, limits_by_name)
        echo_json(settings_schema, indent=2)
    elif form == "json":
        settings_limits = limits_json(resolved.policy, limits_by_name, joint(required))
        echo_json(settings_limits)
    else:
        echo(styled(resolved.policy.name, "bold"))
        for key, limit in limits_by_name.items():
            echo(f"  {key}: {limit_words(limit)}")
        _show_joint(joint(required))


def _show_joint(together: Joint) -> None:
    """Print the condition for settings that are changed together."""
    echo("")
    if {"any": []} in together.condition["all"]:
        echo("no settings pass: the policy itself fails, and `checker prove` says where")
        return
    if together.separate:
        echo("changed together, settings pass where each does alone")
        return
    if not together.exact:
        echo("# not exact: settings that fail this fail, and others may as well")
    echo("changed together, settings pass where all of this holds:")
    echo_text(yaml_text(together.condition))
