"""Decides the stated cases of a file: picks the versions of each case's day, then decides it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from checker.evaluate.decider import Decider
from checker.evaluate.decision import Decision
from checker.language.model.counting import local_day
from checker.language.model.override import Override
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.case_files import StatedCase
from checker.language.resolve.facts import BadCase
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError


class Unresolved(BadCase):
    """The documents that a case needs are missing on its day, or have errors."""


class CannotDecide(UsageError):
    """No policy or override to decide by.

    Attributes:
        key: which of the two is at fault.
    """

    def __init__(self, message: str, key: Literal["policy", "override"]) -> None:
        super().__init__(message)
        self.key = key


@dataclass(slots=True)
class CaseDecider:
    """Decides stated cases by a policy, by an override, or by both.

    Attributes:
        resolver: resolves the documents of a day.
        policy: the name of the policy; without one it is the policy that the override of the day
            answers under.
        override: the name of the override, or its document.
        on: the day that picks versions, None where each case picks its own.
        today: the day that picks versions for a case that states none.
    """

    resolver: Resolver
    policy: str | None
    override: str | Document | None
    on: int | None
    today: int
    _deciders: dict[tuple[ResolvedPolicy, Override | None], Decider] = field(default_factory=dict)
    _by_day: dict[int, Decider] = field(default_factory=dict)
    _day_facts: list[tuple[str, list[Vocabulary]]] | None = None

    def decide(self, case: StatedCase) -> Decision:
        """Return the decision.

        Raises:
            BadCase: the case can't be decided; the message says why.
        """
        if case.error:
            raise BadCase(case.error)
        try:
            decider = self.decider(self.day(case))
        except (NotFound, InvalidDocument) as error:
            raise Unresolved(str(error)) from None
        return decider.decide(decider.admit(case.facts, text=case.text))

    def decider(self, day: int) -> Decider:
        """Return the decider for the cases of `day`, by the versions in force on that day.

        Raises:
            NotFound: a document is missing on that day.
            InvalidDocument: a document has errors.
        """
        if day not in self._by_day:
            override = self._override(day)
            resolved = self._resolved(override, day)
            typed = self.resolver.override_of(override, resolved) if override else None
            key = (resolved, typed)
            if key not in self._deciders:
                self._deciders[key] = Decider(resolved, typed)
            self._by_day[day] = self._deciders[key]
        return self._by_day[day]

    def _override(self, day: int) -> Document | None:
        if isinstance(self.override, str):
            return self.resolver.library.find("override", self.override, day)
        return self.override

    def _resolved(self, override: Document | None, day: int) -> ResolvedPolicy:
        """Return the resolved policy, which must be the one that the override answers under."""
        stated = override.data.get("policy") if override else None
        resolved = self.resolver.resolve(self.policy or str(stated), day)
        if override and str(stated).partition("@")[0] != resolved.policy.id:
            message = f"the override `{override.name}` answers under `{stated}`"
            raise NotFound(f"{message}, not under `{resolved.policy.name}`")
        return resolved

    def day(self, case: StatedCase) -> int:
        """Return the day that picks versions for the case (docs/language.md, section 1).

        The vocabulary says which fact states the day, and the day picks the vocabulary. So the
        `as_of` of a vocabulary counts only where the day that it gives picks that vocabulary.
        """
        if self.on is not None:
            return self.on
        for fact, vocabularies in self._as_of_facts():
            for vocabulary in vocabularies:
                named = fact if case.facts.get(fact) else vocabulary.facts[fact].day_of
                stated = case.facts.get(named)
                if stated is None or stated == "":
                    continue
                day = _day_stated(named, stated, vocabulary)
                if self._resolved(self._override(day), day).vocabulary.as_of == fact:
                    return day
        return self.today

    def _as_of_facts(self) -> list[tuple[str, list[Vocabulary]]]:
        """Return the facts that may state a case's day, with the vocabularies that name them."""
        if self._day_facts is None:
            by_fact: dict[str, list[Vocabulary]] = {}
            for policy in self.policies():
                reference = policy.data.get("vocabulary")
                if not isinstance(reference, str):
                    continue
                for document in self.resolver.library.versions("vocabulary", reference):
                    vocabulary, _ = self.resolver.vocabulary(document)
                    if vocabulary and vocabulary.as_of:
                        vocabularies = by_fact.setdefault(vocabulary.as_of, [])
                        vocabularies += [] if vocabulary in vocabularies else [vocabulary]
            self._day_facts = [*by_fact.items()]
        return self._day_facts

    def overrides(self) -> list[Document]:
        """Return the versions of the override.

        Raises:
            NotFound: no override has the name.
        """
        if isinstance(self.override, str):
            return self.resolver.library.versions("override", self.override)
        return [self.override] if self.override else []

    def policies(self) -> list[Document]:
        """Return the versions of the policies that cases may be decided by.

        Raises:
            NotFound: no policy has the name.
        """
        stated = [override.data.get("policy") for override in self.overrides()]
        references = (
            [self.policy] if self.policy else [reference for reference in stated if reference]
        )
        library = self.resolver.library
        documents = (
            policy for name in references for policy in library.versions("policy", str(name))
        )
        return [*dict.fromkeys(documents)]


def _day_stated(name: str, stated: Any, vocabulary: Vocabulary) -> int:
    """Return the day of a date or moment that a case states."""
    try:
        value = vocabulary.facts[name].type.read(stated)
    except ValueError as error:
        raise BadCase(f"fact `{name}`: {error}") from None
    return value if isinstance(value, int) else local_day(value, vocabulary.time_zone)  # type: ignore


def open_case_decider(
    resolver: Resolver,
    policy: str | None,
    override: str | Document | None,
    *,
    on: int | None,
    today: int,
) -> CaseDecider:
    """Return the decider of cases by a policy, or by the policy that the override answers under.

    Raises:
        CannotDecide: neither is named, no document has the name, or no version of the override
            answers under the policy.
    """
    if policy is None and override is None:
        raise CannotDecide("no policy is named: name one in the file or by --policy", "policy")
    case_decider = CaseDecider(resolver, policy, override, on, today)
    try:
        overrides = case_decider.overrides()
    except NotFound as error:
        raise CannotDecide(error.with_help, "override") from None
    try:
        policies = {document.id for document in case_decider.policies()}
    except NotFound as error:
        raise CannotDecide(error.with_help, "policy" if policy else "override") from None
    stated = [str(document.data.get("policy")) for document in overrides]
    if stated and not any(reference.partition("@")[0] in policies for reference in stated):
        message = f"the override `{overrides[0].name}` answers under `{stated[0]}`"
        raise CannotDecide(f"{message}, not under `{policy}`", "override")
    return case_decider
