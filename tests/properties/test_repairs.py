"""Repairs are the smallest single edits, on drawn worlds that are small enough to try them all.

Every edit of one place over the whole of its domain is tried on every possible case, decided as
cases are. `pytest tests/properties/test_repairs.py --worlds 2000 -s` draws more worlds; the counts
are printed.
"""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume, given

from checker.analysis.repair.evaluator import KnownCase, Trial
from checker.analysis.repair.repair import NoRepair, Repair, repair
from checker.evaluate.compile_policy import COMPILED
from checker.evaluate.decider import Decider
from checker.evaluate.override_response import Responder
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.model.override import Override, read_override
from checker.language.model.types import duration_text, money_text
from checker.language.resolve.facts import show_facts
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, Reporter
from tests import reference
from tests.drawing import drawing, print_counts, share
from tests.properties.test_proofs import all_cases, small_worlds
from tests.worlds import DAY, library

Data = dict[str, Any]
Size = tuple[int, int, int]
APT, ELSEWHERE, LAST_RESORT = 0, 1, 2
DURATIONS = sorted({n + d for n in (0, 30, 60, 1440, 2880, 4320) for d in (-2, -1, 0, 1, 2)})
OPERATORS = ("is", "is_not", "at_least", "at_most", "more_than", "less_than")


@dataclass(frozen=True)
class Judged:
    """What looking at every case says of an override."""

    errors: frozenset[tuple[str, str]]
    deferring: frozenset[str]
    answering: frozenset[str]


class Court:
    """Judges overrides of one world by every possible case."""

    def __init__(self, resolved: reference.World) -> None:
        self.documents = resolved
        documents = [resolved.vocabulary, resolved.policy, *resolved.upholds, resolved.override]
        self.resolver = Resolver(library([each for each in documents if each]))
        self.resolved: ResolvedPolicy = self.resolver.resolve(resolved.policy["id"], DAY)
        self.document: Document = self.resolver.library.find("override", "shop", DAY)
        decider = Decider(self.resolved)
        self.cases = [(case, decider.decide(case).required) for case in all_cases(decider)]

    def read(self, data: Data) -> Override | None:
        document = replace(self.document, data=data, cache={})
        report = Reporter(document)
        override = read_override(document, self.resolved.policy, report)
        return None if report.problems else override

    def judge(self, data: Data, allowed: frozenset[str] | None = None) -> Judged | None:
        """Return what is said of the override; given what it may defer, None where it fails."""
        override = self.read(data)
        if override is None or (allowed is not None and self.fails_likely(data)):
            return None
        seller = Responder(override, COMPILED)
        errors: set[tuple[str, str]] = set()
        deferring, answering = set(), set()
        for place, (case, required) in enumerate(self.cases):
            answer = seller.respond(case)
            answering.add(answer.rule or "")
            at = f"rules.{answer.rule}" if answer.rule else "otherwise"
            if required.verdict == "must_accept":
                errors |= (
                    {("rejects-required-return", at)} if answer.response == "reject" else set()
                )
                deferring |= {at} if answer.response == "manual" else set()
            elif answer.response == "reject" and not {*answer.cites} & {*required.grounds}:
                errors.add(("rejects-without-ground", at))
            for name, term in self.resolved.policy.terms.items():
                if name not in answer.terms:  # it does not apply, and is no worse
                    continue
                if term.rank(answer.terms[name]) > term.rank(required.terms[name]):
                    errors.add(("worse-term", f"terms.{name}"))
            if allowed is not None and (errors or deferring - allowed):
                self.cases.insert(0, self.cases.pop(place))
                return None
        return Judged(frozenset(errors), frozenset(deferring), frozenset(answering))

    def fails_likely(self, data: Data) -> bool:
        """Return whether one of the last cases to fail fails again, by the reference reading."""
        resolved = replace(self.documents, override=data)
        for case, _ in self.cases[:3]:
            stated = show_facts(case, self.resolved.vocabulary)
            if {*reference.decide(resolved, stated)["findings"]} & {*OVERRIDE_ERRORS}:
                return True
        return False


# --- every single edit, with its size ---


class Edits:
    """All that one edit can make of an override, plainly."""

    def __init__(self, resolved: reference.World, first_failing: str) -> None:
        assert resolved.override
        self.vocabulary, self.policy, self.override = (
            resolved.vocabulary,
            resolved.policy,
            resolved.override,
        )
        self.laws = resolved.upholds
        self.first_failing = first_failing
        self.parameters: Data = {
            name: {**each, "values": each.get("values") or ["a", "b", "c"]}
            for name, each in self.policy["parameters"].items()
        }

    def domain(self, entry: Data) -> list[tuple[Any, int]]:
        """Return the values of the type within its range, each with the whole number that it is.

        A constant beyond a fact's range makes a test true or false in all possible cases. It would
        pass for a small change of value, and says something else than what its author meant.
        """
        type_ = entry["type"]
        if type_ == "duration":
            return [(duration_text(n), n) for n in DURATIONS if n >= 0]
        if type_ in ("money", "integer"):
            wide = [-3, 9] if type_ == "money" else [-6, 10]
            low, high = (self.kept(entry, end) for end in entry.get("range", wide))
            shown = money_text if type_ == "money" else int
            return [(shown(n), n) for n in range(max(low, wide[0]), min(high, wide[1]) + 1)]
        return [(each, 0) for each in ([False, True] if type_ == "boolean" else entry["values"])]

    def kept(self, entry: Data, data: Any) -> int:
        return int(data if isinstance(data, int) else reference.value(entry["type"], data))

    def changed(self, path: tuple[Any, ...], value: Any) -> Data:
        data = copy.deepcopy(self.override)
        here: Any = data
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        return data

    def all(self) -> Iterator[tuple[Data, Size]]:
        yield from self.of_settings()
        for number, rule in enumerate(self.override["rules"]):
            own = f"rules.{rule['id']}" == self.first_failing
            path = ("rules", number, "when")
            for data, others, distance in self.of_condition(rule["when"], path):
                yield data, (APT if own else ELSEWHERE, others, distance)
            if own:
                yield from self.of_rule(number, rule)
        if self.first_failing == "otherwise":
            for respond in {"follow", "accept", "manual"} - {self.override["otherwise"]}:
                yield self.changed(("otherwise",), respond), (LAST_RESORT, 1, 0)
        for name, rows in self.override["terms"].items():
            for number, row in enumerate(rows):
                path = ("terms", name, number, "then")
                for value, others, distance in self.values(row["then"], self.policy["terms"][name]):
                    yield self.changed(path, value), (APT, others, distance)

    def values(self, old: Any, entry: Data) -> Iterator[tuple[Any, int, int]]:
        """Yield what a constant could be instead, and how far off that is."""
        ordered = entry["type"] in ("integer", "money", "duration")
        if isinstance(old, list):
            for number in range(len(old)):
                yield [*old[:number], *old[number + 1 :]], 1, 0
            for value, _ in self.domain(entry):
                yield [*old, value], 1, 0
        elif isinstance(old, dict):
            for plus in range(-12, 13) if "plus" in old else ():
                yield {**old, "plus": plus}, 0, abs(plus - old["plus"])
        else:
            for value, number in self.domain(entry):
                distance = abs(number - self.kept(entry, old)) if ordered else 0
                if value != old:
                    yield value, int(not ordered), distance

    def of_condition(self, when: Data, path: tuple[Any, ...]) -> Iterator[tuple[Data, int, int]]:
        for key, entry in when.items():
            here = (*path, key)
            if key in ("all", "any"):
                for number, part in enumerate(entry):
                    yield from self.of_condition(part, (*here, number))
            elif key == "not":
                yield from self.of_condition(entry, here)
            elif key not in ("ground", "definition"):
                yield from self.of_test(entry, here, key)

    def of_test(
        self, entry: Any, here: tuple[Any, ...], key: str
    ) -> Iterator[tuple[Data, int, int]]:
        type_ = self.vocabulary["facts"].get(key) or self.parameters[key]
        tests = entry if isinstance(entry, dict) else {None: entry}
        for operator, operand in tests.items():
            place = (*here, operator) if operator else here
            ends = list(enumerate(operand)) if operator == "between" else [(None, operand)]
            for number, end in ends:
                path = place if number is None else (*place, number)
                for value, others, distance in self.values(end, type_):
                    yield self.changed(path, value), others, distance

    def of_rule(self, number: int, rule: Data) -> Iterator[tuple[Data, Size]]:
        rules = self.override["rules"]
        yield {**self.override, "rules": rules[:number] + rules[number + 1 :]}, (LAST_RESORT, 1, 0)
        bare = {key: each for key, each in rule.items() if key != "cites"}
        for respond in {"follow", "accept", "manual"} - {rule["respond"]}:
            data = self.changed(("rules", number), {**bare, "respond": respond})
            yield data, (LAST_RESORT, 1, 0)
        for ground in {*self.policy["grounds"]} - {*rule.get("cites", ())}:
            if "cites" in rule:
                path = ("rules", number, "cites")
                yield self.changed(path, [*rule["cites"], ground]), (APT, 0, 0)
        for size, more in self.exceptions(rule):
            when = {"all": [rule["when"], more]}
            yield self.changed(("rules", number, "when"), when), (APT, size, 0)

    def exceptions(self, rule: Data) -> Iterator[tuple[int, Data]]:
        owed = [
            each["when"]
            for policy in (self.policy, *self.laws)
            for each in policy["entitlements"].values()
        ]
        plain: list[Data] = [{"not": each} for each in owed]
        for key in ("ground", "definition"):
            for name in self.policy[f"{key}s"]:
                plain += [{key: name}, {"not": {key: name}}]
        for name, fact in self.vocabulary["facts"].items():
            operators = OPERATORS if fact["type"] in ("integer", "money") else OPERATORS[:2]
            values = [value for value, _ in self.domain(fact)]
            plain += [{name: {each: value}} for each in operators for value in values]
        yield from ((1, each) for each in plain)
        for ground, when in itertools.product(rule.get("cites", ()), owed):
            yield 2, {"ground": ground, "not": when}

    def of_settings(self) -> Iterator[tuple[Data, Size]]:
        for name, entry in self.parameters.items():
            here = {**self.override["settings"]}
            default = entry["default"]
            given = here.pop(name, default)
            if name in self.override["settings"]:
                yield {**self.override, "settings": here}, (APT, *self.moved(entry, given, default))
            for value in self.other_values(entry, given):
                data = {**self.override, "settings": {**here, name: value}}
                yield data, (APT, *self.moved(entry, given, value))

    def other_values(self, entry: Data, given: Any) -> list[Any]:
        if entry["type"] != "set":
            return [value for value, _ in self.domain(entry) if value != given]
        return [sorted({*given} ^ {member}) for member in entry["values"]]

    def moved(self, entry: Data, old: Any, new: Any) -> tuple[int, int]:
        if entry["type"] == "set":
            return len({*old} ^ {*new}), 0
        if entry["type"] in ("integer", "money", "duration"):
            return 0, abs(self.kept(entry, old) - self.kept(entry, new))
        return int(old != new), 0


def first_place(judged: Judged, override: Data) -> str:
    failing = {at for _, at in judged.errors}
    terms = sorted(each for each in failing if each.startswith("terms."))
    rules = [f"rules.{rule['id']}" for rule in override["rules"]]
    return next(each for each in (*terms, *rules, "otherwise") if each in failing)


def better_edits(
    court: Court, edits: Edits, before: Judged, found: Repair | None
) -> Iterator[tuple[Data, Size]]:
    """Yield the single edits that mend and are better than the repair that was found.

    A rule that does not answer any more counts as an edit more.
    """
    made = mending(found) if found else []
    emptied = len(found.emptied) if found else 0
    for data, size in edits.all():
        if len(made) == 1 and not emptied and size >= total(made):
            continue
        judged = court.judge(data, before.deferring)
        if judged:
            kept = {rule["id"] for rule in data["rules"]}
            more = len((before.answering - judged.answering) & kept)
            if (
                not made
                or (1 + more, more) < (len(made) + emptied, emptied)
                or (len(made) == 1 and more == emptied and size < total(made))
            ):
                yield data, size


def mending(found: Repair) -> list[Any]:
    """Return the edits but for the rules dropped that never answer."""
    return [each for each in found.edits if not each.change.endswith("it never answers")]


def total(edits: list[Any]) -> Size:
    rank, others, distance = (sum(part) for part in zip(*(e.size for e in edits), strict=True))
    return rank, others, distance


def test_no_smaller_single_edit_mends(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(15, worlds_to_draw // 20))
    @given(small_worlds())
    def holds(resolved: reference.World) -> None:
        court = Court(resolved)
        override = court.document.data
        before = court.judge(override)
        assert before is not None
        assume(before.errors)
        seen["worlds"] += 1
        try:
            found = repair(court.document, court.resolver, on=DAY, today=DAY)
        except NoRepair:
            found = None
        made = mending(found) if found else []
        edits = Edits(replace(resolved, override=override), first_place(before, override))
        assert not [*better_edits(court, edits, before, found)]
        if found is None:
            seen["no repair"] += 1
            return
        after = court.judge(found.document.data)
        assert after is not None and not after.errors and after.deferring <= before.deferring
        seen["repairs of one edit" if len(made) == 1 else "of several"] += 1
        seen["that empty a rule"] += bool(found.emptied)

    holds()
    print_counts(seen)


def test_a_case_tried_shows_what_it_shows_decided(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(share(40), worlds_to_draw // 5))
    @given(small_worlds())
    def agree(resolved: reference.World) -> None:
        court = Court(resolved)
        override = court.read(court.document.data)
        assert override is not None
        decider, trial = Decider(court.resolved, override), Trial(override)
        for case, _ in court.cases:
            found = {*trial.shortcomings(KnownCase(court.resolved, case))}
            assert found == {*map(tuple, decider.decide(case).findings)}
            seen["cases"] += 1
            seen["findings"] += len(found)

    agree()
    print_counts(seen)
