"""The desk where cases are decided: for each the versions of its day, then the decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checker.language.casefiles import StatedCase
from checker.language.counting import local_day
from checker.language.documents import Document
from checker.language.facts import BadCase
from checker.language.library import NotFound
from checker.language.override import Override
from checker.language.problems import Unusable
from checker.language.vocabulary import Vocabulary
from checker.language.worlds import Broken, Resolver, World
from checker.readings.decide import Decider, Decision


@dataclass(slots=True)
class Desk:
    """Decides stated cases by one policy and, where there is one, one override.

    `on` is the day that picks versions, None where each case picks its own; `today` stands in
    where a case states none.
    """

    resolver: Resolver
    policy: str
    override: str | Document | None
    on: int | None
    today: int
    _deciders: dict[tuple[World, Override | None], Decider] = field(default_factory=dict)
    _by_day: dict[int, Decider] = field(default_factory=dict)
    _clocks: list[tuple[str, list[Vocabulary]]] | None = None

    def decide(self, case: StatedCase) -> Decision:
        """Return the decision; BadCase says why the case can't be decided."""
        if case.error:
            raise BadCase(case.error)
        try:
            decider = self.decider(self.day(case))
        except (NotFound, Broken) as error:
            raise BadCase(str(error)) from None
        return decider.decide(decider.admit(case.facts, text=case.text))

    def decider(self, day: int) -> Decider:
        """Return what decides the cases of `day`; NotFound and Broken as the resolver does."""
        if day not in self._by_day:
            world = self.resolver.world(self.policy, day)
            override = self._override(world, day)
            key = (world, override)
            if key not in self._deciders:
                self._deciders[key] = Decider(world, override)
            self._by_day[day] = self._deciders[key]
        return self._by_day[day]

    def _override(self, world: World, day: int) -> Override | None:
        if self.override is None:
            return None
        if isinstance(self.override, Document):
            return self.resolver.override_of(self.override, world)
        return self.resolver.override_in(self.override, world, day)

    def day(self, case: StatedCase) -> int:
        """Return the day that picks versions for the case (section 1).

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
                if self.resolver.world(self.policy, day).vocabulary.as_of == fact:
                    return day
        return self.today

    def _as_of_facts(self) -> list[tuple[str, list[Vocabulary]]]:
        """Return the facts that may state a case's day, with the vocabularies that say so."""
        if self._clocks is None:
            found: dict[str, list[Vocabulary]] = {}
            library = self.resolver.library
            for policy in library.named("policy", self.policy):
                reference = policy.data.get("vocabulary")
                if not isinstance(reference, str):
                    continue
                for document in library.named("vocabulary", reference):
                    vocabulary, _ = self.resolver.vocabulary(document)
                    if vocabulary and vocabulary.as_of:
                        known = found.setdefault(vocabulary.as_of, [])
                        known += [] if vocabulary in known else [vocabulary]
            self._clocks = [*found.items()]
        return self._clocks


def _day_stated(name: str, stated: Any, vocabulary: Vocabulary) -> int:
    try:
        value = vocabulary.facts[name].type.read(stated)
    except ValueError as error:
        raise BadCase(f"fact `{name}`: {error}") from None
    return value if isinstance(value, int) else local_day(value, vocabulary.time_zone)  # type: ignore


def open_desk(
    resolver: Resolver,
    policy: str | None,
    override: str | Document | None,
    *,
    on: int | None,
    today: int,
) -> Desk:
    """Return the desk for a policy, or for the policy that the override answers under.

    Unusable where neither is named, or where the override answers under another policy.
    """
    named = [override] if isinstance(override, Document) else []
    if isinstance(override, str):
        try:
            named = resolver.library.named("override", override)
        except NotFound as error:
            raise Unusable(_with_help(error)) from None
    own = next((each.data["policy"] for each in _well_formed(named)), None)
    if policy is None:
        policy = own
    if policy is None:
        raise Unusable("no policy is named: name one in the file or by --policy")
    if own and own.partition("@")[0] != policy.partition("@")[0]:
        name = named[0].name
        raise Unusable(f"the override `{name}` answers under `{own}`, not under `{policy}`")
    try:
        resolver.library.named("policy", policy)
    except NotFound as error:
        raise Unusable(_with_help(error)) from None
    return Desk(resolver, policy, override, on, today)


def _well_formed(overrides: list[Document]) -> Iterator[Document]:
    return (each for each in overrides if isinstance(each.data.get("policy"), str))


def _with_help(error: NotFound) -> str:
    return f"{error.message} ({error.help})" if error.help else error.message
