"""What a case is expected to show, key by key, as prose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from checker.evaluate.decider import required_terms
from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import of_term
from checker.explain.render.blocks import code
from checker.explain.writer import Prose
from checker.language.model.terms import Term
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.scalars import written


def expected(
    expect: Mapping[str, Any], resolved: ResolvedPolicy, words: Words, prose: Prose
) -> Line:
    """Return what is expected: each key of the decision with its value."""
    terms, lines = required_terms(resolved), list[Line]()
    for key, value in expect.items():
        if key in ("terms", "seller_terms"):
            for name, each in (value or {}).items():
                lines.append(_term(name, each, terms.get(name), prose))
        else:
            said = _VALUES.get(key, _plain)(value, resolved, words, prose)
            key_words = prose.say(f"expect.{key}")
            lines.append(prose.say("case.expect", what=key_words, value=said))
    return prose.joined(lines)


def _plain(value: Any, _: ResolvedPolicy, __: Words, prose: Prose) -> Line:
    values = value if isinstance(value, list) else [value]
    shown: list[Line] = [(code(written(each)),) for each in values if each is not None]
    return prose.listed(shown) or prose.say("expect.none")


def _verdict(value: Any, _: ResolvedPolicy, __: Words, prose: Prose) -> Line:
    return prose.say(f"verdict.{value}")


def _response(value: Any, _: ResolvedPolicy, __: Words, prose: Prose) -> Line:
    return prose.say(f"response.{value}" if value else "expect.none")


def _grounds(value: Any, resolved: ResolvedPolicy, words: Words, prose: Prose) -> Line:
    known = resolved.policy.grounds
    return _quoted((words.ground(id) if id in known else (code(id),) for id in value), prose)


def _entitlements(value: Any, resolved: ResolvedPolicy, words: Words, prose: Prose) -> Line:
    titles = {
        id: each.title
        for policy in reversed(resolved.policies)
        for id, each in policy.entitlements.items()
    }
    return _quoted((words.name("entitlement", id, titles.get(id)) for id in value), prose)


def _needs(value: Any, _: ResolvedPolicy, words: Words, prose: Prose) -> Line:
    known = words.facts
    return _quoted((words.fact(name) if name in known else (code(name),) for name in value), prose)


def _quoted(lines: Iterable[Line], prose: Prose) -> Line:
    return prose.listed(prose.say("quoted", name=each) for each in lines) or prose.say(
        "expect.none"
    )


_VALUES: dict[str, Callable[[Any, ResolvedPolicy, Words, Prose], Line]] = {
    "verdict": _verdict,
    "response": _response,
    "grounds": _grounds,
    "cites": _grounds,
    "entitlements": _entitlements,
    "needs": _needs,
}


def _term(name: str, value: Any, term: Term | None, prose: Prose) -> Line:
    """Return the value that a term is expected to have, in whatever way it is written."""
    said: Line = prose.say("verdict.unknown") if value is None else (code(written(value)),)
    if term and value is not None:
        with suppress(ValueError):  # it can't be expected, and `validate` says why
            said = (of_term(term).said(term.type.read(value), prose.language),)
    title = prose.text(term.title) if term else ""
    what = prose.say("quoted", name=title) if title else (code(name),)
    return prose.say("case.expect", what=what, value=said)
