"""What commands share that read other formats: the exchange document, and the scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from checker.exchange.importing import exchange_of
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.problems import UsageError, did_you_mean
from checker.language.syntax.scalars import resolve_scalar

Command = TypeVar("Command", bound=Callable[..., Any])


def scope_option(command: Command) -> Command:
    """Add `--scope FACT=VALUE`, of which there may be several."""
    return click.option(
        "--scope",
        multiple=True,
        callback=_scope,
        metavar="FACT=VALUE",
        help="What the files don't say: the cases that they are about; a|b is either.",
    )(command)


def _scope(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for text in texts:
        fact, equals, value = text.partition("=")
        if not fact or not equals or not value:
            raise click.BadParameter(f"found `{text}`, expected one like `category=food`")
        if fact in scope:
            raise click.BadParameter(f"`{fact}` stands twice; `{fact}=a|b` is either")
        values = [_read(part) for part in value.split("|")]
        scope[fact] = values if len(values) > 1 else values[0]
    return scope


def _read(text: str) -> Any:
    try:
        return resolve_scalar(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def opened_exchange(
    resolver: Resolver, policy: str, day: int, scope: Mapping[str, Any] | None = None
) -> Exchange:
    """Return the exchange document of the policy, whose facts the scope is about.

    UsageError says why there is none, or what is wrong with the scope.
    """
    try:
        exchange = exchange_of(resolver, resolver.resolve(policy, day), day)
    except NotFound as error:
        raise UsageError(error.with_help) from None
    except InvalidDocument as error:
        raise UsageError(str(error)) from None
    facts = exchange.policy.vocabulary.facts
    for fact, test in (scope or {}).items():
        if fact not in facts:
            hint = did_you_mean(fact, facts)
            raise UsageError(f"--scope: unknown fact `{fact}`" + (f" ({hint})" if hint else ""))
        for value in test if isinstance(test, list) else [test]:
            try:
                facts[fact].type.check_range(facts[fact].type.read(value))
            except ValueError as error:
                raise UsageError(f"--scope: `{fact}`: {error}") from None
    return exchange
