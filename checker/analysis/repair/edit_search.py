"""The search for a repair: edits are tried on the known failing cases, then proved.

Every counterexample of a proof is kept, so that a draft that fails it need not be proved. If a
single edit repairs the override, the smallest such edit is found. Of several edits, each repairs a
failing case, and drafts with the fewest failing places are followed first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.requirements import RequirementFormulas
from checker.analysis.repair.draft import Draft, read
from checker.analysis.repair.evaluator import Shortcoming, Trial
from checker.analysis.repair.known_cases import KnownCases, Shown
from checker.analysis.repair.proposals import proposals
from checker.language.formatter.edit_in_place import apply_edit, edit_obstacle
from checker.language.formatter.edits import Edit
from checker.language.model.override import Override
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.source_map import source_tree
from checker.solver.box_search import Undecided

MOST_TRIED = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A document after some edits: what is shown to fail, and which rules never answer any more.

    `emptied` are those that did before the edits, in some world.
    """

    document: Document
    edits: tuple[Edit, ...] = ()
    failing: frozenset[Shown] = frozenset()
    emptied: frozenset[str] = frozenset()

    @property
    def first_place(self) -> str:
        """The failing place to begin with: a term, the first rule, or the answer otherwise."""
        failing_places = _places(self.failing)
        terms = sorted(place for place in failing_places if place.startswith("terms."))
        rules = (f"rules.{rule['id']}" for rule in self.document.data.get("rules", []))
        return next(place for place in (*terms, *rules, "otherwise") if place in failing_places)


Promising = Iterator[tuple[Edit, frozenset[Shown]]]


@dataclass(order=True, slots=True)
class _Waiting:
    """An attempt that may be followed, one with an edit yet to be made, or more of its edits."""

    priority: tuple[int, ...]
    number: int
    attempt: Attempt = field(compare=False)
    places: frozenset[str] = field(compare=False)  # that fail as far as is known
    edit: Edit | None = field(compare=False)
    more: Promising | None = field(compare=False)


@dataclass(slots=True)
class Search:
    """Looks for the edits after which an override passes in all of its worlds.

    `failures` are those of the override as it is, in each world: its warnings are no reason to
    repair it. `tried` counts the edits that were tried; `hindrances` are the reasons why some
    can't be made in the text, each with a place. Where a case outside of the scope fails, it is
    the policy that does, and no edit can help: the search is `hopeless`.
    """

    required: list[RequirementFormulas]
    failures: list[set[Shortcoming]]
    owed: list[dict[str, Any]]
    tried: int = 0
    hopeless: bool = False
    hindrances: dict[str, str] = field(default_factory=dict)
    _waiting: list[_Waiting] = field(default_factory=list)
    _pushed: int = 0
    _drafts: dict[Attempt, Draft] = field(default_factory=dict)
    _cases: KnownCases = field(init=False)

    def __post_init__(self) -> None:
        self._cases = KnownCases(self.worlds, self.failures)

    @property
    def worlds(self) -> list[ResolvedPolicy]:
        """The worlds that the override meets."""
        return [requirement.resolved for requirement in self.required]

    def attempts(self, document: Document) -> Iterator[Attempt]:
        """Yield documents that pass, the best first; Undecided where the first can't be proved."""
        self._push(self._proved(document, (), ""))
        while self._waiting and self.tried < MOST_TRIED and not self.hopeless:
            first = heapq.heappop(self._waiting)
            if first.edit is not None:
                self._look_again(first, first.edit)
            elif first.attempt.failing:
                yield from self._followed(first.attempt, first.more)
            else:
                yield first.attempt

    def _followed(self, attempt: Attempt, more: Promising | None) -> Iterator[Attempt]:
        """Yield what passes after one more edit, and keep what may after several."""
        places = _places(attempt.failing)
        more = more or self._promising(attempt)
        for edit, failing in more:
            left = _places(failing)
            if left:
                self._push(attempt, edit, left)
            else:
                next_attempt = self._made(attempt, edit)
                if next_attempt is None:
                    continue
                if next_attempt.failing or next_attempt.emptied or len(places) > 1:
                    self._push(next_attempt)  # there may be a better one yet
                else:
                    yield next_attempt
            gone = places - left
            if left and len(gone) == 1 and edit.is_at(*gone):
                self._push(attempt, more=more)  # it may be enough, and the others can wait
                return

    def _look_again(self, waiting: _Waiting, edit: Edit) -> None:
        """Make an edit that waited, unless a case that was found meanwhile sends it back."""
        draft = self._draft(waiting.attempt)
        overrides = draft.after(edit)
        assert overrides is not None
        at = waiting.attempt.first_place
        places = _places(self._cases.shortcomings(draft.trials(overrides), at))
        if places != waiting.places:
            self._push(waiting.attempt, edit, places)
            return
        next_attempt = self._made(waiting.attempt, edit)
        if next_attempt is not None:
            self._push(next_attempt)

    def _promising(self, attempt: Attempt) -> Promising:
        """Yield the edits that mend a known case of one failing place, the smallest first.

        Where several places fail, those go first that may mend more than the one.
        """
        draft, root = self._draft(attempt), source_tree(attempt.document.text)
        at, several = attempt.first_place, len(_places(attempt.failing)) > 1
        shortcomings_here: dict[Shortcoming, Shown] = {}
        for number, shortcoming in sorted(attempt.failing):
            if shortcoming[1] == at:
                shortcomings_here.setdefault(shortcoming, (number, shortcoming))
        for shown_case in shortcomings_here.values():
            self._cases.vary(shown_case, draft.trials(draft.overrides), draft.thresholds)
        edits = proposals(at, {check for check, _ in shortcomings_here}, draft)
        for edit in sorted(
            edits, key=lambda shown_case: (several and shown_case.is_at(at), shown_case.size)
        ):
            reason = edit_obstacle(root, edit)
            if reason:
                self.hindrances.setdefault(reason, edit.at)
                continue
            if self.tried == MOST_TRIED:
                return
            self.tried += 1
            overrides = draft.after(edit)
            if overrides is not None:
                trials = draft.trials(overrides)
                if self._cases.mends(trials, shortcomings_here.values()):
                    yield edit, self._cases.shortcomings(trials, at)

    def _draft(self, attempt: Attempt) -> Draft:
        if attempt not in self._drafts:
            overrides = read(attempt.document, attempt.document.data, self.worlds)
            assert overrides is not None
            self._drafts[attempt] = Draft(attempt.document, self.worlds, overrides, self.owed)
        return self._drafts[attempt]

    def _made(self, attempt: Attempt, edit: Edit) -> Attempt | None:
        """Return the attempt with the edit made and proved, None where that can't be decided."""
        try:
            edits = (*attempt.edits, edit)
            return self._proved(apply_edit(attempt.document, edit), edits, attempt.first_place)
        except Undecided:
            return None

    def _proved(self, document: Document, edits: tuple[Edit, ...], at: str) -> Attempt:
        """Return the attempt that a document is, proved in every world."""
        overrides = read(document, document.data, self.worlds)
        assert overrides is not None
        dead = self._prove(overrides)
        return Attempt(
            document, edits, self._cases.shortcomings([*map(Trial, overrides)], at), dead
        )

    def _prove(self, overrides: list[Override]) -> frozenset[str]:
        """Prove the override in every world, keep the cases that fail it; return emptied rules."""
        emptied = set()
        for number, override in enumerate(overrides):
            for failure in prove_override(self.required[number], override):
                shortcoming = (failure.check, failure.at)
                if failure.check == "dead-rule" and shortcoming not in self.failures[number]:
                    emptied.add(failure.at)
                if failure.facts is not None and self._cases.counts(number, shortcoming):
                    case = self._cases.keep(number, failure.facts)
                    self.hopeless |= not Trial(override).answers(case)
        return frozenset(emptied)

    def _push(
        self,
        attempt: Attempt,
        edit: Edit | None = None,
        places: frozenset[str] | None = None,
        more: Promising | None = None,
    ) -> None:
        """Put an attempt in line, one with an edit that leaves these places failing, or more.

        A rule that is emptied counts as an edit: it might as well be dropped. Of as many, what is
        nearest to its end goes first, since to follow all would take forever.
        """
        edits = (*attempt.edits, edit) if edit else attempt.edits
        left = _places(attempt.failing) if places is None else places
        emptied = len(attempt.emptied)
        sizes = [sum(part) for part in zip(*(edit.size for edit in edits), strict=True)]
        priority = (
            len(edits) + len(left) + emptied,
            emptied,
            len(left) - (more is not None),
            more is not None,
            *sizes,
            edit is not None,
        )
        self._pushed += 1
        heapq.heappush(self._waiting, _Waiting(priority, self._pushed, attempt, left, edit, more))


def _places(failing: frozenset[Shown]) -> frozenset[str]:
    return frozenset(at for _, (_, at) in failing)
