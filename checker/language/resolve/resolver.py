"""Resolved policies: a policy with all that it refers to, in the versions of one day.

References and versions are defined in docs/language.md, section 1.3; what a policy upholds in
docs/language.md, section 4.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from checker.language.model.calendars import Calendar, read_calendar
from checker.language.model.exchange.document import Exchange, read_exchange
from checker.language.model.override import Override, read_override
from checker.language.model.policy import Policy, read_policy
from checker.language.model.schema import check_shape
from checker.language.model.terms import Term
from checker.language.model.vocabulary import Vocabulary, read_vocabulary
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.periods import period_problems
from checker.language.resolve.sources import Source, read_source
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import Finding

Model = TypeVar("Model")
MAX_UPHOLDS_DEPTH = 50


class InvalidDocument(Exception):
    """A document that another one refers to, or that a caller needs, has errors.

    Attributes:
        name: the document, as `id@version`.
        problems: its errors, at least one.
    """

    def __init__(self, name: str, problems: Sequence[Finding]) -> None:
        first = problems[0]
        super().__init__(f"`{name}` has errors: {first.position}: {first.message}")
        self.name, self.problems = name, problems


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedPolicy:
    """A policy with all that it refers to, in the versions of one day.

    Attributes:
        policy: the policy.
        upheld: the policies that it upholds, transitively, each once.
        calendars: the calendars of these policies and of their vocabulary, by reference.
    """

    policy: Policy
    upheld: tuple[Policy, ...]
    calendars: Mapping[str, Calendar]

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary, in the one version that all its policies are typed against."""
        return self.policy.vocabulary

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policy and the policies that it upholds."""
        return (self.policy, *self.upheld)


@dataclass(slots=True)
class Resolver:
    """Reads the documents of a library, each once, and resolves policies.

    The methods named after a kind of document (`vocabulary`, `policy`, …) return its typed model,
    None where the document has errors, and its findings.
    """

    library: Library
    _resolved: dict[tuple[Document, ...], ResolvedPolicy] = field(default_factory=dict)
    _by_day: dict[tuple[str, int], ResolvedPolicy] = field(default_factory=dict)

    def shape(self, document: Document) -> tuple[Document | None, list[Finding]]:
        """Return the part of the document that follows its schema, and the findings of the rest.

        The part is None where nothing of the document follows its schema.
        """
        if "shape" not in document.cache:
            part, problems = check_shape(document)
            if part:
                problems = [*problems, *period_problems(part)]
            document.cache["shape"] = (part, problems)
        shape: tuple[Document | None, list[Finding]] = document.cache["shape"]
        return shape

    def shape_errors(self, document: Document) -> list[Finding]:
        """Return the errors in the shape of the document: with any, nothing is made of it."""
        return [problem for problem in self.shape(document)[1] if problem.severity == "error"]

    def _read(
        self, document: Document, key: object, read: Callable[[Document, Reporter], Model]
    ) -> tuple[Model | None, list[Finding]]:
        """Return the model that `read` makes of the document, kept in its cache under `key`."""
        if key not in document.cache:
            part, problems = self.shape(document)
            model, report = None, Reporter(part or document, [*problems])
            if part:
                model = read(part, report)
            if any(problem.severity == "error" for problem in report.problems):
                model = None
            document.cache[key] = (model, report.problems)
        result: tuple[Model | None, list[Finding]] = document.cache[key]
        return result

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
            lambda part, report: read_override(part, policy, report),
        )

    def exchange(self, document: Document, policy: Policy) -> tuple[Exchange | None, list[Finding]]:
        """Return the exchange in `document`, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", policy),
            lambda part, report: read_exchange(part, document, policy, report),
        )

    def valid_model(self, document: Document, result: tuple[Model | None, list[Finding]]) -> Model:
        """Return the model of a result that one of the methods above gave for `document`.

        Raises:
            InvalidDocument: the document has errors.
        """
        model, problems = result
        if model is None:
            errors = [problem for problem in problems if problem.severity == "error"]
            raise InvalidDocument(document.name, errors)
        return model

    def resolve(self, reference: str, day: int) -> ResolvedPolicy:
        """Return the policy that `reference` picks on `day`, with all that it refers to.

        Args:
            reference: a policy, like `returns`, `returns@1` or `returns@1.0.0`.
            day: the day (an ordinal) that picks versions.

        Raises:
            NotFound: a reference names nothing, or nothing that is in force on the day.
            InvalidDocument: a document has errors, or two of them do not fit together.
        """
        key = (reference, day)
        if key not in self._by_day:
            self._by_day[key] = self.resolve_document(
                self.library.find("policy", reference, day), day
            )
        return self._by_day[key]

    def resolve_for(self, document: Document, day: int) -> ResolvedPolicy:
        """Return the resolved policy of a policy or of an override's policy, as `resolve` does.

        `document` is a policy, or a document with a reference to one.
        """
        if document.kind == "policy":
            return self.resolve_document(document, day)
        return self.resolve(_text(document, "policy"), day)

    def documents_of(self, resolved: ResolvedPolicy) -> list[Document]:
        """Return the documents of all policies of a resolved policy and of its vocabulary."""
        names = [("policy", policy.name) for policy in resolved.policies]
        names.append(("vocabulary", resolved.vocabulary.name))
        return [self.library.versions(kind, name)[0] for kind, name in names]

    def resolve_document(self, document: Document, day: int) -> ResolvedPolicy:
        """Return the policy in `document`, resolved on `day` as `resolve` does."""
        vocabulary_document = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        policy = self.policy_of(document, day)
        vocabulary = policy.vocabulary
        upheld = [*self._upheld(document, vocabulary, day, (document.id,), {document})]
        policies = (policy, *(policy for _, policy in upheld))
        calendars = self._calendars(policies, day)
        # Days with the same versions share one resolved policy.
        upheld_documents = (upheld_document for upheld_document, _ in upheld)
        key = (document, vocabulary_document, *upheld_documents, *calendars.values())
        if key not in self._resolved:
            problems = [*_disagreeing_terms(policies, document)]
            if problems:
                raise InvalidDocument(document.name, problems)
            calendar_models = {
                reference: self.valid_model(calendar, self.calendar(calendar))
                for reference, calendar in calendars.items()
            }
            self._resolved[key] = ResolvedPolicy(policy, policies[1:], calendar_models)
        return self._resolved[key]

    def _calendars(self, policies: Sequence[Policy], day: int) -> dict[str, Document]:
        """Return the calendars that the policies and their vocabulary roll by, by reference."""
        calendars: dict[str, Document] = {}
        for policy in policies:
            for reference in calendar_references(policy):
                try:
                    calendars[reference] = self.library.find("calendar", reference, day)
                except NotFound as error:
                    whose = f"`{policy.name}` or its vocabulary rolls by it"
                    message = f"{error.message}, and {whose}"
                    raise NotFound(message, error.help, error.undated_message) from None
        return calendars

    def policy_of(self, document: Document, day: int) -> Policy:
        """Return the policy in `document` alone, typed against the vocabulary of `day`."""
        vocabulary_document = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        vocabulary = self.valid_model(vocabulary_document, self.vocabulary(vocabulary_document))
        return self.valid_model(document, self.policy(document, vocabulary))

    def _upheld(
        self,
        upholder: Document,
        vocabulary: Vocabulary,
        day: int,
        upholder_ids: tuple[str, ...],
        seen: set[Document],
    ) -> Iterator[tuple[Document, Policy]]:
        """Yield what `upholder` upholds, transitively and once each.

        `upholder_ids` lead from the first upholder to this one; `seen` are the documents yielded.
        """
        for index, reference in enumerate(upholder.data.get("upholds", [])):
            upheld = self.library.find("policy", reference, day)
            if upheld.id in upholder_ids or len(upholder_ids) > MAX_UPHOLDS_DEPTH:
                circle = " → ".join(f"`{id}`" for id in (*upholder_ids, upheld.id))
                problem = _upholds_problem(upholder, index, f"a circle: {circle}")
                raise InvalidDocument(upholder.name, [problem])
            if upheld in seen:
                continue
            seen.add(upheld)
            its_vocabulary = self.library.find("vocabulary", _text(upheld, "vocabulary"), day)
            if its_vocabulary.id != vocabulary.id:
                message = (
                    f"`{upheld.name}` speaks the vocabulary `{its_vocabulary.id}`, "
                    f"and `{upholder.name}` speaks `{vocabulary.id}`"
                )
                raise InvalidDocument(upholder.name, [_upholds_problem(upholder, index, message)])
            yield upheld, self.valid_model(upheld, self.policy(upheld, vocabulary))
            yield from self._upheld(upheld, vocabulary, day, (*upholder_ids, upheld.id), seen)

    def override_of(self, document: Document, resolved: ResolvedPolicy) -> Override:
        """Return the override in `document`, typed against its resolved policy.

        Raises:
            InvalidDocument: the override has errors.
        """
        return self.valid_model(document, self.override(document, resolved.policy))


def _disagreeing_terms(policies: Sequence[Policy], document: Document) -> Iterator[Finding]:
    """Yield an error for each two terms of one name that can't be compared.

    What has to be the same is defined in docs/language.md, section 4.4.
    """
    first_terms: dict[str, tuple[str, Term]] = {}
    for policy in policies:
        for name, term in policy.terms.items():
            first_policy, first_term = first_terms.setdefault(name, (policy.name, term))
            if not term.agrees_with(first_term):
                report = Reporter(document)
                path: Path = ("terms", name) if name in policies[0].terms else ("upholds",)
                message = (
                    f"the term `{name}` of `{first_policy}` differs from that of `{policy.name}`"
                )
                help = "its type, direction, values, events, counting and `after` must be the same"
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
    """Return the string at a key of the document; InvalidDocument where there is none."""
    value = document.data.get(key)
    if not isinstance(value, str):
        problem = Finding(document.position(), f"`{key}` is missing", at=key)
        raise InvalidDocument(document.name, [problem])
    return value


def _upholds_problem(document: Document, index: int, message: str) -> Finding:
    """Return an error at one reference of `upholds`."""
    path: Path = ("upholds", index)
    return Finding(document.position(path), message, at="upholds")
