"""What commands share that read other formats: the exchange document, and the scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from checker.exchange.lookup import exchange_of
from checker.language.exchange import Exchange
from checker.language.library import NotFound
from checker.language.problems import Unusable
from checker.language.scalars import resolve
from checker.language.worlds import Broken, Resolver

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
        values = [_read(each) for each in value.split("|")]
        scope[fact] = values if len(values) > 1 else values[0]
    return scope


def _read(text: str) -> Any:
    try:
        return resolve(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def opened_exchange(resolver: Resolver, policy: str, day: int) -> Exchange:
    """Return the exchange document of the policy; Unusable says why there is none."""
    try:
        return exchange_of(resolver, resolver.world(policy, day), day)
    except NotFound as error:
        raise Unusable(error.with_help) from None
    except Broken as error:
        raise Unusable(str(error)) from None
