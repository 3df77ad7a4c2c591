"""When a ground, a definition or an entitlement holds, as sentences in each language."""

from __future__ import annotations

from collections.abc import Iterator

from checker.explain.conditions.phrases import inline
from checker.explain.conditions.rich_text import plain_text
from checker.explain.conditions.sentences import policy_sentences
from checker.language.model.conditions import Condition
from checker.language.model.policy import Policy
from checker.language.resolve.library import NotFound
from checker.language.resolve.periods import period
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.localized import LANGUAGES
from checker.lsp.index.symbols import Declaration
from checker.lsp.index.workspace import Snapshot
from checker.report.markdown_escape import words


def condition_sentences(declaration: Declaration, snapshot: Snapshot) -> Iterator[str]:
    """Yield when the named thing holds, in each language; nothing where its policy has errors."""
    if declaration.what not in ("ground", "definition", "entitlement"):
        return
    start, end = period(declaration.document)
    try:
        day = min(max(snapshot.today, start), end - 1)
        policy = snapshot.resolver.policy_of(declaration.document, day)
    except (NotFound, InvalidDocument):
        return
    condition = _condition(declaration.what, declaration.name, policy)
    if condition is None:
        return
    for language in LANGUAGES:
        sentence = policy_sentences(policy, language).condition(condition)
        yield words(plain_text(inline(sentence, language)))


def _condition(what: str, name: str, policy: Policy) -> Condition | None:
    if what == "entitlement":
        entitlement = policy.entitlements.get(name)
        return entitlement.when if entitlement else None
    named = policy.names.grounds if what == "ground" else policy.names.definitions
    return named.get(name)
