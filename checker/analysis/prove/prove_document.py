"""Proves a document against each combination of versions that it may meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.proof import NotProved, Proof, not_proved_json
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.reasons import explained
from checker.analysis.prove.replay import Mismatch, replay
from checker.language.checks import CHECKS, PROVED, sentence
from checker.language.model.override import Override
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, position_of
from checker.language.syntax.problems import Finding, did_you_mean


def prove_document(
    document: Document,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    engines: Engines | None = None,
) -> Iterator[Proof]:
    """Yield a proof for each combination of versions that an override or a policy meets.

    Args:
        on: The one day (an ordinal) to prove for; None for all days on which versions change.
        today: The day from which on a document without effective date is proved.

    Raises:
        NotFound: On no day all documents that it refers to are in force.
        InvalidDocument: The document, or one that it refers to, has errors.
    """
    engines = engines or Engines()
    days = [on] if on is not None else days_in_period(resolver.library, document, today)
    proofs: dict[ResolvedPolicy, Proof] = {}
    missing: NotFound | None = None
    for day in days:
        try:
            resolved = resolver.resolve_for(document, day)
        except NotFound as error:
            missing = error
            continue
        if resolved not in proofs:
            proofs[resolved] = _prove(document, resolved, resolver, day, engines)
    if missing and not proofs:
        raise missing
    yield from _with_acceptances(document, [*proofs.values()])


def _prove(
    document: Document, resolved: ResolvedPolicy, resolver: Resolver, day: int, engines: Engines
) -> Proof:
    """Return the proof against one combination of versions."""
    upheld = ", ".join(policy.name for policy in resolved.upheld)
    against = resolved.policy.name
    if document.kind == "policy":
        against = upheld or resolved.vocabulary.name
    proof = Proof(document, against, day, resolved)
    found_by = proof.name
    try:
        failures = engines.failures(document, resolved, resolver)
    except NotDecided as error:
        text = sentence("undecided", str(error))
        undecided = Finding(document.position(), text, check="undecided", on=day, found_by=found_by)
        proof.findings.append(undecided)
        return proof
    override = None
    if document.kind == "override":
        override = resolver.override_of(document, resolved)
    for failure in failures:
        replayed = _on_day_of_proof(failure, proof, override, resolver)
        finding = Finding(
            position_of(failure.at, document),
            sentence(failure.check, upheld if failure.check == "undercuts" else against),
            check=failure.check,
            at=failure.at,
            mild=failure.mild,
            on=day,
            case=explained(replayed, resolved, override, day),
            found_by=found_by,
        )
        proof.findings.append(finding)
    return proof


def _on_day_of_proof(
    failure: Counterexample, proof: Proof, override: Override | None, resolver: Resolver
) -> Counterexample:
    """Return the counterexample, moved to a day that picks the versions of the proof.

    The fact that picks versions has its typical date in a minimal case. Where that date picks other
    versions, the day of the proof replaces it, unless the failure depends on the date.
    """
    facts, clock = failure.facts, proof.resolved.vocabulary.as_of
    day = facts.get(clock) if facts is not None and clock else None
    if facts is None or clock is None or not isinstance(day, int):
        return failure
    try:
        if resolver.resolve_for(proof.document, day) is proof.resolved:
            return failure
    except (NotFound, InvalidDocument):
        pass  # not all documents are in force on that day
    moved = replace(failure, facts={**facts, clock: proof.on})
    try:
        replay([moved], proof.resolved, override)
    except Mismatch:
        return failure
    return moved


def _with_acceptances(document: Document, proofs: list[Proof]) -> list[Proof]:
    """Mark the accepted findings, and add a finding for each acceptance without effect."""
    for number, entry in enumerate(document.data.get("accept", [])):
        matched = False
        for proof in proofs:
            for index, finding in enumerate(proof.findings):
                at = entry.get("at", finding.at)
                names_finding = (entry["check"], at) == (finding.check, finding.at)
                if names_finding and CHECKS[finding.check].acceptable:
                    matched = True
                    proof.findings[index] = replace(finding, accepted=entry["why"])
        if not matched:
            at = f"accept.{number + 1}"
            position = document.position(("accept", number))
            for proof in proofs[:1]:
                stale_acceptance = Finding(
                    position,
                    _stale_message(str(entry["check"])),
                    check="stale-acceptance",
                    at=at,
                    on=proof.on,
                    found_by=proof.name,
                )
                proof.findings.append(stale_acceptance)
    return proofs


def _stale_message(check: str) -> str:
    """Return why an acceptance has no effect."""
    if check != "undecided" and check not in PROVED:
        hint = did_you_mean(check, PROVED)
        return f"accepts `{check}`, and there is no such check" + (f"; {hint}" if hint else "")
    if not CHECKS[check].acceptable:
        return f"accepts `{check}`, which can't be accepted"
    return sentence("stale-acceptance")


def proofs(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> Iterator[Proof]:
    """Yield the proofs of `prove_document`.

    Raises:
        NotProved: The document can't be proved.
    """
    problems = resolver.shape_errors(document)
    if problems:
        raise NotProved(problems)
    try:
        yield from prove_document(document, resolver, on=on, today=today, engines=engines)
    except NotFound as error:
        key = "policy" if document.kind == "override" else "vocabulary"
        raise NotProved(
            [Finding(document.position((key,)), error.message, error.help, at=key)]
        ) from None
    except InvalidDocument as error:
        raise NotProved(error.problems) from None


def proofs_json(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> list[dict[str, Any]]:
    """Return the objects that `prove --format json` prints for a document, one a line."""
    try:
        return [
            proof.as_json()
            for proof in proofs(document, resolver, on=on, today=today, engines=engines)
        ]
    except NotProved as error:
        return [not_proved_json(document, error.problems, on if on is not None else today)]
