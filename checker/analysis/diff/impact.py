"""The sellers that a new version of their policy breaks: they pass against OLD, and not NEW.

As JSON, beside the comparison of the two policies:

    {"looked_at": 12, "failing_already": 1, "broken": [{"override": "shop-1@1.0.0",
      "findings": [{"check": …, "at": …, "position": …, "message": TEXT, "case": FACTS}]}]}

`case` is null for an override that can't even be read against NEW, because a name or a setting is
gone, say, and for one that can't be decided.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.analysis.diff.results import BrokenSellers, DatedDocument
from checker.analysis.prove.engine import Engines, NotDecided
from checker.language.checks import sentence
from checker.language.resolve.facts import plainest_case
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import Document, position_of
from checker.language.syntax.problems import Finding


def broken_sellers(
    documents: Iterable[Document], resolver: Resolver, old: DatedDocument, new: DatedDocument
) -> BrokenSellers:
    """Return which of the documents are overrides of the policy that NEW breaks."""
    result, engines = BrokenSellers(), Engines()
    for document in documents:
        reference = document.data.get("policy")
        id = reference.partition("@")[0] if isinstance(reference, str) else ""
        if document.kind != "override" or id != new.resolved.policy.id:
            continue
        result.looked_at += 1
        if _breaks(document, resolver, old, engines):
            result.failing_already += 1
            continue
        now = _breaks(document, resolver, new, engines)
        if now:
            result.broken.append((document, now))
    return result


def _breaks(
    document: Document, resolver: Resolver, dated: DatedDocument, engines: Engines
) -> list[Finding]:
    """Return the errors that keep the override from passing against a policy."""
    resolved = dated.resolved
    try:
        failures = engines.failures(document, resolved, resolver)
    except InvalidDocument as error:
        return [*error.problems]
    except NotDecided as error:
        return [Finding(document.position(), sentence("undecided", str(error)), check="undecided")]
    return [
        Finding(
            position_of(failure.at, document),
            sentence(failure.check, resolved.policy.name),
            check=failure.check,
            at=failure.at,
            case=plainest_case(failure.check, failure.facts, resolved, document.name, dated.day)
            if failure.facts is not None
            else None,
        )
        for failure in failures
        if failure.severity == "error"
    ]
