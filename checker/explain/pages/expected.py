"""The expectations of a case as prose, key by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from checker.evaluate.decision import required_terms
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import term_format
from checker.explain.render.blocks import code
from checker.explain.writer import PageWriter
from checker.language.model.terms import Term
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.scalars import scalar_text


def expected_values(
    expect: Mapping[str, Any],
    resolved: ResolvedPolicy,
    sentences: SentenceWriter,
    writer: PageWriter,
) -> RichText:
    """Return the expectations: each key of the decision with its value."""
    terms, lines = required_terms(resolved), list[RichText]()
    for key, value in expect.items():
        if key in ("terms", "seller_terms"):
            for name, term_value in (value or {}).items():
                lines.append(_term(name, term_value, terms.get(name), writer))
        else:
            text = _VALUES.get(key, _plain)(value, resolved, sentences, writer)
            title = writer.phrase(f"expect.{key}")
            lines.append(writer.phrase("case.expect", what=title, value=text))
    return writer.join(lines)


def _plain(value: Any, _: ResolvedPolicy, __: SentenceWriter, writer: PageWriter) -> RichText:
    values = value if isinstance(value, list) else [value]
    codes: list[RichText] = [(code(scalar_text(item)),) for item in values if item is not None]
    return writer.enumeration(codes) or writer.phrase("expect.none")


def _verdict(value: Any, _: ResolvedPolicy, __: SentenceWriter, writer: PageWriter) -> RichText:
    return writer.phrase(f"verdict.{value}")


def _response(value: Any, _: ResolvedPolicy, __: SentenceWriter, writer: PageWriter) -> RichText:
    return writer.phrase(f"response.{value}" if value else "expect.none")


def _grounds(
    value: Any, resolved: ResolvedPolicy, sentences: SentenceWriter, writer: PageWriter
) -> RichText:
    known = resolved.policy.grounds
    return _quoted((sentences.ground(id) if id in known else (code(id),) for id in value), writer)


def _entitlements(
    value: Any, resolved: ResolvedPolicy, sentences: SentenceWriter, writer: PageWriter
) -> RichText:
    titles = {
        id: entitlement.title
        for policy in reversed(resolved.policies)
        for id, entitlement in policy.entitlements.items()
    }
    return _quoted((sentences.mention("entitlement", id, titles.get(id)) for id in value), writer)


def _needs(
    value: Any, _: ResolvedPolicy, sentences: SentenceWriter, writer: PageWriter
) -> RichText:
    known = sentences.facts
    return _quoted(
        (sentences.fact(name) if name in known else (code(name),) for name in value), writer
    )


def _quoted(names: Iterable[RichText], writer: PageWriter) -> RichText:
    return writer.enumeration(
        writer.phrase("quoted", name=name) for name in names
    ) or writer.phrase("expect.none")


_VALUES: dict[str, Callable[[Any, ResolvedPolicy, SentenceWriter, PageWriter], RichText]] = {
    "verdict": _verdict,
    "response": _response,
    "grounds": _grounds,
    "cites": _grounds,
    "entitlements": _entitlements,
    "needs": _needs,
}


def _term(name: str, value: Any, term: Term | None, writer: PageWriter) -> RichText:
    """Return the expected value of a term, as documents write it where it can't be read."""
    text: RichText = (
        writer.phrase("verdict.unknown") if value is None else (code(scalar_text(value)),)
    )
    if term and value is not None:
        with suppress(ValueError):  # not a value of the term; `checker validate` reports that
            text = (term_format(term).text(term.type.read(value), writer.language),)
    title = writer.text(term.title) if term else ""
    what = writer.phrase("quoted", name=title) if title else (code(name),)
    return writer.phrase("case.expect", what=what, value=text)
