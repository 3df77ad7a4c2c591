"""Stated cases decided: for each the versions of its day, then the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from checker.evaluate.decider import Decider, Decision
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
    """The documents that a case needs are not there on its day, or have errors."""


class CannotDecide(UsageError):
    """No policy or override to decide by; `key` is the one that is at fault."""

    def __init__(self, message: str, key: Literal["policy", "override"]) -> None:
        super().__init__(message)
        self.key = key


@dataclass(slots=True)
class CaseDecider:
    """Decides stated cases by a policy, by an override, or both.

    Without a policy, it is the one that the override of the day answers under. `on` is the day
    that picks versions, None where each case picks its own; `today` stands in where a case
    states none.
    """

    resolver: Resolver
    policy: str | None
    override: str | Document | None
    on: int | None
    today: int
    _deciders: dict[tuple[ResolvedPolicy, Override | None], Decider] = field(default_factory=dict)
    _by_day: dict[int, Decider] = field(default_factory=dict)
    _clocks: list[tuple[str, list[Vocabulary]]] | None = None

    def decide(self, case: StatedCase) -> Decision:
        """Return the decision; BadCase says why the case can't be decided."""
        if case.error:
            raise BadCase(case.error)
        try:
            decider = self.decider(self.day(case))
        except (NotFound, InvalidDocument) as error:
            raise Unresolved(str(error)) from None
        return decider.decide(decider.admit(case.facts, text=case.text))

    def decider(self, day: int) -> Decider:
        """Return what decides the cases of `day`; NotFound, InvalidDocument as the resolver."""
        if day not in self._by_day:
            override = self._override(day)
            resolved = self._world(override, day)
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

    def _world(self, override: Document | None, day: int) -> ResolvedPolicy:
        """Return the world of the policy, which must be the one that the override answers under."""
        own = override.data.get("policy") if override else None
        resolved = self.resolver.resolve(self.policy or str(own), day)
        if override and str(own).partition("@")[0] != resolved.policy.id:
            message = f"the override `{override.name}` answers under `{own}`"
            raise NotFound(f"{message}, not under `{resolved.policy.name}`")
        return resolved

    def day(self, case: StatedCase) -> int:
        """Return the day that picks versions for the case (docs/language.md, section 1).

        Which fact states it is up to the vocabulary, and which vocabulary is up to the day:
        a vocabulary's `as_of` counts where the day that it gives picks that vocabulary.
        """
        if self.on is not None:
            return self.on
        for fact, vocabularies in self._as_of_facts():
            stated = case.facts.get(fact)
            if stated is None or stated == "":
                continue
            for vocabulary in vocabularies:
                day = _day_stated(fact, stated, vocabulary)
                if self._world(self._override(day), day).vocabulary.as_of == fact:
                    return day
        return self.today

    def _as_of_facts(self) -> list[tuple[str, list[Vocabulary]]]:
        """Return the facts that may state a case's day, with the vocabularies that say so."""
        if self._clocks is None:
            found: dict[str, list[Vocabulary]] = {}
            for policy in self.policies():
                reference = policy.data.get("vocabulary")
                if not isinstance(reference, str):
                    continue
                for document in self.resolver.library.named("vocabulary", reference):
                    vocabulary, _ = self.resolver.vocabulary(document)
                    if vocabulary and vocabulary.as_of:
                        known = found.setdefault(vocabulary.as_of, [])
                        known += [] if vocabulary in known else [vocabulary]
            self._clocks = [*found.items()]
        return self._clocks

    def overrides(self) -> list[Document]:
        """Return the versions of the override; NotFound where there is none of the name."""
        if isinstance(self.override, str):
            return self.resolver.library.named("override", self.override)
        return [self.override] if self.override else []

    def policies(self) -> list[Document]:
        """Return the versions of the policies; NotFound where there is none of the name."""
        own = [each.data.get("policy") for each in self.overrides()]
        references = [self.policy] if self.policy else [each for each in own if each]
        library = self.resolver.library
        found = (each for name in references for each in library.named("policy", str(name)))
        return [*dict.fromkeys(found)]


def _day_stated(name: str, stated: Any, vocabulary: Vocabulary) -> int:
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
    """Return what decides cases by a policy, or by the policy that the override answers under.

    CannotDecide where neither is named, one names nothing, or no version of the override answers
    under the policy.
    """
    if policy is None and override is None:
        raise CannotDecide("no policy is named: name one in the file or by --policy", "policy")
    case_decider = CaseDecider(resolver, policy, override, on, today)
    try:
        overrides = case_decider.overrides()
    except NotFound as error:
        raise CannotDecide(error.with_help, "override") from None
    try:
        policies = {each.id for each in case_decider.policies()}
    except NotFound as error:
        raise CannotDecide(error.with_help, "policy" if policy else "override") from None
    own = [str(each.data.get("policy")) for each in overrides]
    if own and not any(each.partition("@")[0] in policies for each in own):
        message = f"the override `{overrides[0].name}` answers under `{own[0]}`"
        raise CannotDecide(f"{message}, not under `{policy}`", "override")
    return case_decider
