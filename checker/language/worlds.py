"""Worlds: a policy with all that it refers to, as the versions of one day pick it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from checker.language.documents import Document, Path, Reporter
from checker.language.library import Library, NotFound, period, period_problems
from checker.language.override import Override, read_override
from checker.language.policy import Policy, read_policy
from checker.language.problems import Problem
from checker.language.references import references
from checker.language.schema import check_shape
from checker.language.sources import Source, read_source
from checker.language.vocabulary import Calendar, Vocabulary, read_calendar, read_vocabulary

Model = TypeVar("Model")


class Broken(Exception):
    """A document that is needed has errors of its own."""

    def __init__(self, name: str, problem: Problem) -> None:
        super().__init__(f"`{name}` has errors: {problem.position}: {problem.message}")
        self.name, self.problem = name, problem


@dataclass(frozen=True, slots=True, eq=False)
class World:
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
    _worlds: dict[tuple[Document, ...], World] = field(default_factory=dict)
    _by_day: dict[tuple[str, int], World] = field(default_factory=dict)

    def shape(self, document: Document) -> tuple[Document | None, list[Problem]]:
        """Return the part of the document that follows its schema, and what does not."""
        if "shape" not in document.cache:
            whole, problems = check_shape(document)
            if whole:
                problems = [*problems, *period_problems(whole)]
            document.cache["shape"] = (whole, problems)
        found: tuple[Document | None, list[Problem]] = document.cache["shape"]
        return found

    def _read(
        self, document: Document, key: object, read: Callable[[Document, Reporter], Model]
    ) -> tuple[Model | None, list[Problem]]:
        """Return the document's model, None where it has errors, and its problems."""
        if key not in document.cache:
            whole, problems = self.shape(document)
            model, report = None, Reporter(whole or document, [*problems])
            if whole:
                model = read(whole, report)
            if any(problem.severity == "error" for problem in report.problems):
                model = None
            document.cache[key] = (model, report.problems)
        found: tuple[Model | None, list[Problem]] = document.cache[key]
        return found

    def vocabulary(self, document: Document) -> tuple[Vocabulary | None, list[Problem]]:
        """Return the vocabulary in `document`, None where it has errors, and its problems."""
        return self._read(
            document, "model", lambda part, report: read_vocabulary(part, document, report)
        )

    def calendar(self, document: Document) -> tuple[Calendar | None, list[Problem]]:
        """Return the calendar in `document`, None where it has errors, and its problems."""
        return self._read(document, "model", read_calendar)

    def source(self, document: Document) -> tuple[Source | None, list[Problem]]:
        """Return the source in `document`, None where it has errors, and its problems."""
        return self._read(document, "model", lambda part, _: read_source(part))

    def policy(
        self, document: Document, vocabulary: Vocabulary
    ) -> tuple[Policy | None, list[Problem]]:
        """Return the policy in `document`, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", vocabulary),
            lambda part, report: read_policy(part, document, vocabulary, report),
        )

    def override(self, document: Document, policy: Policy) -> tuple[Override | None, list[Problem]]:
        """Return the override in `document`, None where it has errors, and its problems."""
        return self._read(
            document,
            ("model", policy),
            lambda part, report: read_override(part, document, policy, report),
        )

    def sound(self, document: Document, found: tuple[Model | None, list[Problem]]) -> Model:
        """Return the model that was found; Broken where the document has errors."""
        model, problems = found
        if model is None:
            raise Broken(document.name, next(p for p in problems if p.severity == "error"))
        return model

    def world(self, reference: str, day: int) -> World:
        """Return the world of the policy that `reference` picks on `day`.

        NotFound where nothing is in force, Broken where a document has errors.
        """
        key = (reference, day)
        if key not in self._by_day:
            self._by_day[key] = self.world_of(self.library.find("policy", reference, day), day)
        return self._by_day[key]

    def world_of(self, document: Document, day: int) -> World:
        """Return the world of the policy in `document` on `day`, as `world` does."""
        vocabulary_document = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        policy = self.policy_of(document, day)
        vocabulary = policy.vocabulary
        upheld = [*self._upheld(document, vocabulary, day, (document.id,))]
        calendars = {
            reference: self.library.find("calendar", reference, day)
            for each in (policy, *(policy for _, policy in upheld))
            for reference in calendar_references(each)
        }
        key = (document, vocabulary_document, *(d for d, _ in upheld), *calendars.values())
        if key not in self._worlds:
            self._worlds[key] = World(
                policy,
                tuple(policy for _, policy in upheld),
                {name: self.sound(d, self.calendar(d)) for name, d in calendars.items()},
            )
        return self._worlds[key]

    def policy_of(self, document: Document, day: int) -> Policy:
        """Return the policy in `document` alone, typed against the vocabulary of `day`."""
        named = self.library.find("vocabulary", _text(document, "vocabulary"), day)
        vocabulary = self.sound(named, self.vocabulary(named))
        return self.sound(document, self.policy(document, vocabulary))

    def _upheld(
        self, document: Document, vocabulary: Vocabulary, day: int, path: tuple[str, ...]
    ) -> Iterator[tuple[Document, Policy]]:
        """Yield what `document` upholds, transitively and once each, nearest first."""
        seen: set[Document] = set()
        waiting = [(document, path)]
        while waiting:
            upholder, path = waiting.pop(0)
            for number, reference in enumerate(upholder.data.get("upholds", [])):
                found = self.library.find("policy", reference, day)
                if found.id in path:
                    shown = " → ".join(f"`{id}`" for id in (*path, found.id))
                    raise Broken(upholder.name, _at(upholder, number, f"a circle: {shown}"))
                if found in seen:
                    continue
                seen.add(found)
                theirs = self.library.find("vocabulary", _text(found, "vocabulary"), day)
                if theirs.id != vocabulary.id:
                    message = (
                        f"`{found.name}` speaks the vocabulary `{theirs.id}`, "
                        f"and `{document.name}` speaks `{vocabulary.id}`"
                    )
                    raise Broken(upholder.name, _at(upholder, number, message))
                yield found, self.sound(found, self.policy(found, vocabulary))
                waiting.append((found, (*path, found.id)))

    def override_in(self, reference: str, world: World, day: int) -> Override:
        """Return the override that `reference` picks on `day`, typed against the world's policy."""
        return self.override_of(self.library.find("override", reference, day), world)

    def override_of(self, document: Document, world: World) -> Override:
        """Return the override in `document`, typed against the world's policy."""
        return self.sound(document, self.override(document, world.policy))

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

    def _reachable(self, document: Document, keys: Container[str] | None) -> set[Document]:
        """Return every document that `document` may refer to on some day, transitively."""
        found: set[Document] = set()
        waiting = [document]
        while waiting:
            for path, kind, reference in references(waiting.pop()):
                if keys is not None and path[0] not in keys:
                    continue
                try:
                    named = self.library.named(kind, reference)
                except NotFound:
                    continue
                waiting += [each for each in named if each not in found]
                found.update(named)
        return found


def calendar_references(policy: Policy) -> list[str]:
    """Return the calendars that the policy's terms and its vocabulary's facts roll by."""
    facts = policy.vocabulary.facts.values()
    countings = [fact.derive.counting for fact in facts if fact.derive]
    countings += [term.counting for term in policy.terms.values()]
    return [*dict.fromkeys(counting.roll for counting in countings if counting.roll)]


def _text(document: Document, key: str) -> str:
    value = document.data.get(key)
    if not isinstance(value, str):
        problem = Problem(document.position(), f"`{key}` is missing", at=key)
        raise Broken(document.name, problem)
    return value


def _at(document: Document, number: int, message: str) -> Problem:
    path: Path = ("upholds", number)
    return Problem(document.position(path), message, at="upholds")
