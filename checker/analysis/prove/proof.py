"""Documents proved: each combination of versions that an override or a policy meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.replay import Mismatch, replay
from checker.language.checks import CHECKS, PROVED, sentence
from checker.language.model.override import Override
from checker.language.resolve.facts import Facts, cases_document, show_facts
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Position, Problem, Severity, did_you_mean


@dataclass(frozen=True, slots=True)
class Proved:
    """A finding of a proof; `facts` show it, `accepted` says why it is meant."""

    check: str
    severity: Severity
    at: str
    position: Position
    message: str
    facts: Facts | None = None
    accepted: Any = None


@dataclass(slots=True)
class Proof:
    """What is proved of a document against one combination of versions, on a day of it."""

    document: Document
    against: str
    on: int
    resolved: ResolvedPolicy
    override: Override | None = None
    findings: list[Proved] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether no error stands."""
        return not any(each.severity == "error" and not each.accepted for each in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the proof as `prove --format json` prints it (docs/language.md, section 10)."""
        findings = [self._finding(each) for each in self.findings]
        name, holds = self.document.name, self.holds
        return {"document": name, "against": self.against, "holds": holds, "findings": findings}

    def _finding(self, each: Proved) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "check": each.check,
            "severity": each.severity,
            "at": each.at,
            "position": str(each.position),
            "message": each.message,
            "on": date.fromordinal(self.on).isoformat(),
        }
        if each.facts is not None:
            shown["counterexample"] = show_facts(each.facts, self.resolved.vocabulary)
        return {**shown, "accepted": each.accepted} if each.accepted else shown


def prove_document(
    document: Document,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    engines: Engines | None = None,
) -> Iterator[Proof]:
    """Yield a proof for each combination of versions that an override or a policy meets.

    NotFound where there is no day on which all it refers to is in force, InvalidDocument
    where it or what it refers to has errors.
    """
    engines = engines or Engines()
    days = [on] if on is not None else resolver.days(document, today)
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
    yield from _accepted(document, [*proofs.values()])


def _prove(
    document: Document, resolved: ResolvedPolicy, resolver: Resolver, day: int, engines: Engines
) -> Proof:
    """Return the proof against one combination of versions."""
    upheld = ", ".join(policy.name for policy in resolved.upheld)
    against = resolved.policy.name
    if document.kind == "policy":
        against = upheld or resolved.vocabulary.name
    proof = Proof(document, against, day, resolved)
    try:
        failures = engines.failures(document, resolved, resolver)
    except NotDecided as error:
        text = sentence("undecided", str(error))
        undecided = Proved("undecided", "error", "", document.position(), text)
        proof.findings.append(undecided)
        return proof
    if document.kind == "override":
        proof.override = resolver.override_of(document, resolved)
    for each in failures:
        text = sentence(each.check, upheld if each.check == "undercuts" else against)
        position = position_of(each.at, document)
        facts = _of_the_day(each, proof, resolver)
        found = Proved(each.check, each.severity, each.at, position, text, facts)
        proof.findings.append(found)
    return proof


def _of_the_day(failure: Counterexample, proof: Proof, resolver: Resolver) -> Facts | None:
    """Return the counterexample, on a day that picks the versions of the proof.

    The date that picks versions is as usual in it; where that picks other ones, and the date is
    nothing that the failure depends on, it becomes the day of the proof.
    """
    facts, clock = failure.facts, proof.resolved.vocabulary.as_of
    day = facts.get(clock) if facts is not None and clock else None
    if facts is None or clock is None or not isinstance(day, int):
        return facts
    try:
        if resolver.resolve_for(proof.document, day) is proof.resolved:
            return facts
    except (NotFound, InvalidDocument):
        pass  # nothing is in force on it
    moved = {**facts, clock: proof.on}
    try:
        replay([replace(failure, facts=moved)], proof.resolved, proof.override)
    except Mismatch:
        return facts
    return moved


def _accepted(document: Document, proofs: list[Proof]) -> list[Proof]:
    """Mark what the document accepts, and add what it accepts in vain."""
    for number, entry in enumerate(document.data.get("accept", [])):
        matched = False
        for proof in proofs:
            for place, each in enumerate(proof.findings):
                named = entry["check"] == each.check and entry.get("at", each.at) == each.at
                if named and CHECKS[each.check].acceptable:
                    matched = True
                    proof.findings[place] = replace(each, accepted=entry["why"])
        if not matched:
            at = f"accept.{number + 1}"
            position = document.position(("accept", number))
            stale = Proved(
                "stale-acceptance", "warning", at, position, _why_stale(str(entry["check"]))
            )
            for proof in proofs[:1]:
                proof.findings.append(stale)
    return proofs


def _why_stale(check: str) -> str:
    """Return what is wrong with an acceptance that matches nothing that can be accepted."""
    if check != "undecided" and check not in PROVED:
        hint = did_you_mean(check, PROVED)
        return f"accepts `{check}`, and there is no such check" + (f"; {hint}" if hint else "")
    if not CHECKS[check].acceptable:
        return f"accepts `{check}`, which can't be accepted"
    return sentence("stale-acceptance")


def position_of(at: str, document: Document) -> Position:
    """Return where in the document the place `at` is, or what stands for it.

    An answer or a term that an override does not write down comes of its settings.
    """
    path: list[str | int] = []
    data: Any = document.data
    for step in at.split(".") if at else ():
        if isinstance(data, dict) and step in data:
            path.append(step)
        elif isinstance(data, list):
            ids = [each.get("id") if isinstance(each, dict) else None for each in data]
            path.append(ids.index(step) if step in ids else int(step) - 1)
        else:
            break
        data = data[path[-1]]
    if path and len(path) == at.count(".") + 1:
        return document.position(path)
    return document.position(("settings",) if "settings" in document.data else ("policy",))


def case_document(each: Proved, proof: Proof) -> dict[str, Any]:
    """Return the `cases` document of the counterexample, to be decided or pasted into tests."""
    override = proof.document.name if proof.document.kind == "override" else None
    return cases_document(each.check, each.facts or {}, proof.resolved, override, proof.on)


class NotProved(Exception):
    """A document that can't be proved: it, or what it refers to, has these errors."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def proofs(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> Iterator[Proof]:
    """Yield the proofs of `prove_document`; NotProved where the document can't be proved."""
    problems = [each for each in resolver.shape(document)[1] if each.severity == "error"]
    if problems:
        raise NotProved(problems)
    try:
        yield from prove_document(document, resolver, on=on, today=today, engines=engines)
    except NotFound as error:
        key = "policy" if document.kind == "override" else "vocabulary"
        raise NotProved(
            [Problem(document.position((key,)), error.message, error.help, at=key)]
        ) from None
    except InvalidDocument as error:
        raise NotProved(error.problems) from None


def proofs_json(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> list[dict[str, Any]]:
    """Return what `prove --format json` prints of a document, line by line."""
    try:
        found = proofs(document, resolver, on=on, today=today, engines=engines)
        return [proof.as_json() for proof in found]
    except NotProved as error:
        return [not_proved_json(document, error.problems, on if on is not None else today)]


def not_proved_json(document: Document, problems: Sequence[Problem], day: int) -> dict[str, Any]:
    """Return the errors that keep a document from being proved, in the form of a proof."""
    findings = [
        {
            "check": each.check,
            "severity": each.severity,
            "at": each.at,
            "position": str(each.position),
            "message": each.message,
            "on": date.fromordinal(day).isoformat(),
        }
        for each in problems
    ]
    against = str(document.data.get("policy") or document.data.get("vocabulary") or "")
    return {"document": document.name, "against": against, "holds": False, "findings": findings}
