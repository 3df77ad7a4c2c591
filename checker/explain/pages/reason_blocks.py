"""Statements about a decision, with the reasons for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.evaluate.decision import Decision
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import policy_sentences
from checker.explain.render.blocks import Block, ItemList, ListItem, Paragraph
from checker.explain.writer import PageWriter
from checker.language.model.policy import Policy

_FEW = 2  # up to so many reasons are written in one line


def reasons_of(policy: Policy, decision: Decision, writer: PageWriter) -> Reasons:
    """Return the reasons of a policy's conditions, with the parameters at their defaults."""
    sentences = policy_sentences(policy, writer.language)
    return Reasons(sentences, policy.names, policy.defaults(), decision.facts)


def reason_blocks(
    statement: RichText, reasons: Sequence[RichText], writer: PageWriter
) -> Iterator[Block]:
    """Yield a statement with its reasons: in one line where they are few, else as a list."""
    if len(reasons) <= _FEW:
        yield Paragraph(reason_line(statement, reasons, writer))
    else:
        yield Paragraph(writer.phrase("as.list", what=statement))
        yield ItemList(tuple(map(ListItem, reasons)))


def reason_line(statement: RichText, reasons: Sequence[RichText], writer: PageWriter) -> RichText:
    """Return a statement with its reasons in one line."""
    if not reasons:
        return writer.phrase("as.always", what=statement)
    separator = "and_also" if len(reasons) <= _FEW else "semicolon"
    return writer.phrase("as", what=statement, why=writer.join(reasons, separator))
