"""Worlds: a policy with all that it refers to, as the versions of one day pick it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from checker.language.model.calendars import Calendar, read_calendar
from checker.language.model.exchange.document import Exchange, read_exchange
from checker.language.model.override import Override, read_override
from checker.language.model.policy import Policy, read_policy
from checker.language.model.schema import check_shape
from checker.language.model.terms import Term
from checker.language.model.vocabulary import Vocabulary, read_vocabulary
from checker.language.resolve.library import Library, NotFound, period, period_problems
from checker.language.resolve.sources import Source, read_source
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import Finding
from checker.language.syntax.references import references

Model = TypeVar("Model")
MAX_UPHOLDS_DEPTH = 50


class InvalidDocument(Exception):
    """A document that is needed has errors of its own."""

    def __init__(self, name: str, problems: Sequence[Finding]) -> None:
        first = problems[0]
        super().__init__(f"`{name}` has errors: {first.position}: {first.message}")
        self.name, self.problems = name, problems


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedPolicy:
    """A policy, its vocabulary, all that it upholds (transitively) and the calendars it names."""

    policy: Policy
    upheld: tuple[Policy, ...]
    calendars: Mapping[str, Calendar]

    @property
    def vocabulary(self) -> Vocabulary:
        """The one vocabulary version that everything in the world is typed against."""
        return self.policy.vocabulary

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policy and what it upholds."""
        return (self.policy, *self.upheld)


@dataclass(slots=True)
class Resolver:
    """Reads documents as they are asked for, each once, and puts worlds together."""

    library: Library
    _resolved: dict[tuple[Document, ...], ResolvedPolicy] = field(default_factory=dict)
    _by_day: dict[tuple[str, int], ResolvedPolicy] = field(default_factory=dict)

    def shape(self, document: Document) -> tuple[Document | None, list[Finding]]:
        """Return the part of the document that follows its schema, and what does not."""
        if "shape" not in document.cache:
            whole, problems = check_shape(document)
            if whole:
                problems = [*problems, *period_problems(whole)]
            document.cache["shape"] = (whole, problems)
        found: tuple[Document | None, list[Finding]] = document.cache["shape"]
        return found

    def _read(
        self, document: Document, key: object, read: Callable[[Document, Reporter], Model]
    ) -> tuple[Model | None, list[Finding]]:
        """Return the document's model, None where it has errors, and its problems."""
        if key not in document.cache:
            whole, problems = self.shape(document)
            model, report = None, Reporter(whole or document, [*problems])
            if whole:
                model = read(whole, report)
            if any(problem.severity == "error" for problem in report.problems):
                model = None
            document.cache[key] = (model, report.problems)
        found: tuple[Model | None, list[Finding]] = document.cache[key]
        return found

    def vocabulary(self, document: Document) -> tuple[Vocabulary | None, list[Finding]]:
        """Return the vocabulary in `document`, None where it has errors, and its problems."""
        return self._read(
            document, "model", lambda part, report: read_vocabulary(part, document, report)
        )

    def calendar(self, document: Document) -> tuple[Calendar | None, list[Finding]]:
        """Return the calendar in `document`, None where it has errors, and its problems."""
        return self._read(document, "model", read_calendar)

    def source(self, document: Document) -> tuple[Source | None, list[Finding]]:
        """Return the source in `document`, None where it has errors, and its problems."""
        return self._read(document, "model", lambda part, _: read_source(part))

    def policy(
        self, document: Document, vocabulary: Vocabulary
    ) -> tuple[Policy | None, list[Finding]]:
        """Return the policy in `document`, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", vocabulary),
            lambda part, report: read_policy(part, document, vocabulary, report),
        )

    def override(self, document: Document, policy: Policy) -> tuple[Override | None, list[Finding]]:
        """Return the override in `document`, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", policy),
            lambda part, report: read_override(part, document, policy, report),
        )

    def exchange(self, document: Document, policy: Policy) -> tuple[Exchange | None, list[Finding]]:
        """Return the exchange document, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", policy),
            lambda part, report: read_exchange(part, document, policy, report),
        )

    def valid_model(self, document: Document, found: tuple[Model | None, list[Finding]]) -> Model:
        """Return the model that was found; InvalidDocument where the document has errors."""
        model, problems = found
        if model is None:
            raise InvalidDocument(document.name, [p for p in problems if p.severity == "error"])
        return model

    def resolve(self, reference: str, day: int) -> ResolvedPolicy:
        """Return the world of the policy that `reference` picks on `day`.

        NotFound where nothing is in force, InvalidDocument where a document has errors.
        """
        key = (reference, day)
        if key not in self._by_day:
            self._by_day[key] = self.resolve_document(
                self.library.find("policy", reference, day), day
            )
        return self._by_day[key]

    def resolve_for(self, document: Document, day: int) -> ResolvedPolicy:
        """Return the world that a policy or an override is read in on `day`, as `world` does."""
        if document.kind == "policy":
            return self.resolve_document(document, day)
        return self.resolve(str(document.data["policy"]), day)

    def documents_of(self, resolved: ResolvedPolicy) -> list[Document]:
        """Return the documents of the world's policies and its vocabulary."""
        named = [("policy", policy.name) for policy in resolved.policies]
        named.append(("vocabulary", resolved.vocabulary.name))
        return [self.library.versions(kind, name)[0] for kind, name in named]

    def resolve_document(self, document: Document, day: int) -> ResolvedPolicy:
        """Return the world of the policy in `document` on `day`, as `world` does."""
        vocabulary_document = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        policy = self.policy_of(document, day)
        vocabulary = policy.vocabulary
        upheld = [*self._upheld(document, vocabulary, day, (document.id,), {document})]
        policies = (policy, *(policy for _, policy in upheld))
        calendars = self._calendars(policies, day)
        key = (document, vocabulary_document, *(d for d, _ in upheld), *calendars.values())
        if key not in self._resolved:
            disagreeing = [*_disagreeing_terms(policies, document)]
            if disagreeing:
                raise InvalidDocument(document.name, disagreeing)
            self._resolved[key] = ResolvedPolicy(
                policy,
                policies[1:],
                {name: self.valid_model(d, self.calendar(d)) for name, d in calendars.items()},
            )
        return self._resolved[key]

    def _calendars(self, policies: Sequence[Policy], day: int) -> dict[str, Document]:
        """Return the calendars that the policies and their vocabulary roll by."""
        found: dict[str, Document] = {}
        for policy in policies:
            for reference in calendar_references(policy):
                try:
                    found[reference] = self.library.find("calendar", reference, day)
                except NotFound as error:
                    whose = f"`{policy.name}` or its vocabulary rolls by it"
                    message = f"{error.message}, and {whose}"
                    raise NotFound(message, error.help, error.undated_message) from None
        return found

    def policy_of(self, document: Document, day: int) -> Policy:
        """Return the policy in `document` alone, typed against the vocabulary of `day`."""
        named = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        vocabulary = self.valid_model(named, self.vocabulary(named))
        return self.valid_model(document, self.policy(document, vocabulary))

    def _upheld(
        self,
        upholder: Document,
        vocabulary: Vocabulary,
        day: int,
        path: tuple[str, ...],
        seen: set[Document],
    ) -> Iterator[tuple[Document, Policy]]:
        """Yield what `upholder` upholds, transitively and once each."""
        for number, reference in enumerate(upholder.data.get("upholds", [])):
            found = self.library.find("policy", reference, day)
            if found.id in path or len(path) > MAX_UPHOLDS_DEPTH:
                shown = " → ".join(f"`{id}`" for id in (*path, found.id))
                raise InvalidDocument(upholder.name, [_at(upholder, number, f"a circle: {shown}")])
            if found in seen:
                continue
            seen.add(found)
            theirs = self.library.find("vocabulary", _text(found, "vocabulary"), day)
            if theirs.id != vocabulary.id:
                message = (
                    f"`{found.name}` speaks the vocabulary `{theirs.id}`, "
                    f"and `{upholder.name}` speaks `{vocabulary.id}`"
                )
                raise InvalidDocument(upholder.name, [_at(upholder, number, message)])
            yield found, self.valid_model(found, self.policy(found, vocabulary))
            yield from self._upheld(found, vocabulary, day, (*path, found.id), seen)

    def override_of(self, document: Document, resolved: ResolvedPolicy) -> Override:
        """Return the override in `document`, typed against the world's policy."""
        return self.valid_model(document, self.override(document, resolved.policy))

    def days(self, document: Document, today: int, keys: Container[str] | None = None) -> list[int]:
        """Return the days of the document's period on which its references may change.

        From today where it has no start; never empty. `keys` are the references to follow,
        all where it is None.
        """
        start, end = period(document)
        effective = document.data.get("effective")
        if not (isinstance(effective, dict) and "from" in effective):
            start = min(today, end - 1)
        edges = {start}
        for each in self._reachable(document, keys):
            edges.update(day for day in period(each) if start < day < end)
        return sorted(edges)

    def change_days(self, documents: Iterable[Document]) -> list[int]:
        """Return the days on which what the documents, and all they refer to, pick may change."""
        edges: set[int] = set()
        for document in documents:
            for each in {document, *self._reachable(document, None)}:
                edges.update(period(each))
        return sorted(edges)

    def _reachable(self, document: Document, keys: Container[str] | None) -> set[Document]:
        """Return every document that `document` may refer to on some day, transitively."""
        found: set[Document] = set()
        waiting = [document]
        while waiting:
            for path, kind, reference in references(waiting.pop()):
                if keys is not None and path[0] not in keys:
                    continue
                try:
                    named = self.library.versions(kind, reference)
                except NotFound:
                    continue
                waiting += [each for each in named if each not in found]
                found.update(named)
        return found


def _disagreeing_terms(policies: Sequence[Policy], document: Document) -> Iterator[Finding]:
    """Yield an error for each two terms of one name that can't be compared.

    What has to be the same is defined in docs/language.md, section 4.
    """
    first: dict[str, tuple[str, Term]] = {}
    for policy in policies:
        for name, term in policy.terms.items():
            whose, other = first.setdefault(name, (policy.name, term))
            if not term.agrees_with(other):
                report = Reporter(document)
                path: Path = ("terms", name) if name in policies[0].terms else ("upholds",)
                message = f"the term `{name}` of `{whose}` differs from that of `{policy.name}`"
                help = "its type, direction, values, events and counting must be the same"
                report.error(path, message, help, key=True)
                yield from report.problems


def calendar_references(policy: Policy) -> list[str]:
    """Return the calendars that the policy's terms and its vocabulary's facts may roll by."""
    facts = policy.vocabulary.facts.values()
    countings = [fact.derive.counting for fact in facts if fact.derive]
    countings += [term.counting for term in policy.terms.values()]
    rolls = [counting.roll for counting in countings if counting.roll]
    return [*dict.fromkeys(reference for roll in rolls for reference in roll.calendars.values())]


def _text(document: Document, key: str) -> str:
    value = document.data.get(key)
    if not isinstance(value, str):
        problem = Finding(document.position(), f"`{key}` is missing", at=key)
        raise InvalidDocument(document.name, [problem])
    return value


def _at(document: Document, number: int, message: str) -> Finding:
    path: Path = ("upholds", number)
    return Finding(document.position(path), message, at="upholds")
