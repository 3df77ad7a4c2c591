"""What a ground, a definition or an entitlement says, as sentences in each language."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language.conditions import Condition
from checker.language.library import NotFound, period
from checker.language.policy import Policy
from checker.language.words import LANGUAGES
from checker.language.worlds import Broken
from checker.lsp.meanings import Meaning
from checker.lsp.workspace import Snapshot
from checker.readings.words import words_under
from checker.readings.words_lines import plain
from checker.readings.words_phrases import inline
from checker.report.markdown import words


def sentences(found: Meaning, snapshot: Snapshot) -> Iterator[str]:
    """Yield when what a name means holds, nothing where its policy has errors."""
    if found.what not in ("ground", "definition", "entitlement"):
        return
    start, end = period(found.document)
    try:
        day = min(max(snapshot.today, start), end - 1)
        policy = snapshot.resolver.policy_of(found.document, day)
    except (NotFound, Broken):
        return
    condition = _condition(found.what, found.name, policy)
    if condition is None:
        return
    for language in LANGUAGES:
        said = inline(words_under(policy, language).condition(condition), language)
        yield words(plain(said))


def _condition(what: str, name: str, policy: Policy) -> Condition | None:
    if what == "entitlement":
        entitlement = policy.entitlements.get(name)
        return entitlement.when if entitlement else None
    named = policy.names.grounds if what == "ground" else policy.names.definitions
    return named.get(name)
