"""A table of settings as column expressions: what is refused, what is invalid, what breaks a limit.

Written in the engines' common algebra, so that it can be computed where the table is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic

from checker.audit.intake.typed import TypedColumn, can_be, has_member, typed_column
from checker.audit.settings.limits import Limit, words_of
from checker.columns.base import Columns, Conditions, E, Layer
from checker.language.model.conditions import ParameterValue
from checker.language.model.policy import Parameter, Policy
from checker.language.model.terms import Term
from checker.language.model.types import MINUTES, Value
from checker.language.model.vocabulary import Vocabulary
from checker.language.syntax.problems import UsageError, did_you_mean, quoted

SELLER, REFUSED = "s_seller", "x_refused"
_RAW_SELLER = "c_seller"
Settings = dict[str, "Value | E | Mapping[str, E]"]


@dataclass(frozen=True, slots=True)
class Cells:
    """What is read of the cells of one column: the columns of the value and of whether it is wrong.

    Of a set, `members` are those of whether each is in it, and the value is text.
    """

    value: str
    wrong: str
    members: tuple[str, ...]


@dataclass(slots=True)
class SettingsPlan(Generic[E]):
    """The layers to compute over the table, its columns `renamed`, and the columns they leave.

    `reading` are two layers that come first: what each cell states, and the members of sets;
    `cells` says by raw column what is read of it. `x_refused` says which rows can't be read,
    `reason` why. `settings` are the values of the parameters as conditions read them; `columns`
    are the names of the columns they stand in. `invalid` columns are true where a setting is an
    error: by column the setting, and what it must be. `broken` columns are true where a limit is.
    `scope` are the columns, as they are in the table, of the facts that narrow a row.
    """

    engine: Columns[E]
    renamed: dict[str, str]
    reading: list[Layer[E]] = field(default_factory=list)
    cells: dict[str, Cells] = field(default_factory=dict)
    layers: list[Layer[E]] = field(default_factory=list)
    reason: E = field(init=False)
    settings: Settings[E] = field(default_factory=dict)
    columns: dict[str, str | dict[str, str]] = field(default_factory=dict)
    invalid: dict[str, tuple[str, str]] = field(default_factory=dict)
    broken: dict[str, Limit] = field(default_factory=dict)
    scope: dict[str, str] = field(default_factory=dict)


def settings_plan(
    engine: Columns[E], kinds: Mapping[str, str], policy: Policy, limits: Iterable[Limit]
) -> SettingsPlan[E]:
    """Return the plan for a table with columns of these kinds.

    UsageError where it has no column `seller`, or one that is no setting and no fact.
    """
    check_columns(kinds, policy)
    plan = SettingsPlan(engine, {_RAW_SELLER: "seller"})
    for number, name in enumerate(each for each in policy.vocabulary.facts if each in kinds):
        plan.scope[name] = f"c_{number}"
    plan.renamed |= {column: name for name, column in plan.scope.items()}
    stated = _Stated(plan, kinds, policy)
    stated.read()
    stated.fill_in()
    stated.check()
    columns, plan.broken = broken_columns(engine, plan.settings, policy, limits)
    plan.layers += [columns] if columns else []
    return plan


def check_columns(kinds: Mapping[str, str], policy: Policy) -> None:
    """Raise UsageError where the columns are not those of a table of settings."""
    settings, facts = [*policy.parameters], policy.vocabulary.decisive()
    if "seller" not in kinds:
        raise UsageError(f"found the columns {quoted(kinds)}, and no column `seller`")
    for name, kind in kinds.items():
        problem = _untestable(name, policy.vocabulary)
        if problem:
            raise UsageError(f"column `{name}`: {problem}")
        if name not in ("seller", *settings, *facts):
            hint = did_you_mean(name, [*settings, *facts])
            hint = hint or f"the settings of `{policy.name}` are {quoted(settings)}"
            raise UsageError(f"column `{name}` is no setting and no fact ({hint})")
        fits = kind in ("text", "integer") if name == "seller" else kind in ("text", "list")
        if name in facts:
            fits = fits or can_be(kind, facts[name].type)
        if name not in settings and not fits:
            raise UsageError(f"column `{name}` is of type {kind}, expected text")


def _untestable(name: str, vocabulary: Vocabulary) -> str | None:
    """Return why a fact can't narrow a row, None where it can or is no fact."""
    if name in vocabulary.derived_from:
        derived = vocabulary.derived_from[name]
        return f"`{derived}` derives from it, and narrows a row in its place"
    if name in vocabulary.facts and vocabulary.facts[name].type.name == "datetime":
        return "a datetime can't narrow a row"
    return None


def broken_columns(
    engine: Columns[E], settings: Settings[E], policy: Policy, limits: Iterable[Limit]
) -> tuple[Layer[E], dict[str, Limit]]:
    """Return columns that are true where settings break a limit, and the limit of each."""
    conditions = Conditions(engine, policy.names, {}, settings)
    numbered = {f"b_{number}": limit for number, limit in enumerate(limits)}
    columns = {
        column: engine.negation(conditions.holds(limit.condition))
        for column, limit in numbered.items()
    }
    return columns, numbered


class _Stated(Generic[E]):
    """Reads the settings that the table has columns for; of the others the default stands."""

    def __init__(self, plan: SettingsPlan[E], kinds: Mapping[str, str], policy: Policy) -> None:
        self.plan, self.engine, self.policy = plan, plan.engine, policy
        self.given: dict[str, TypedColumn[E]] = {}
        for number, parameter in enumerate(policy.parameters.values()):
            name = parameter.name
            if name in kinds:
                plan.renamed[f"c{number}"] = name
                # a setting out of its range is a finding, one that is no value is refused
                type_ = replace(parameter.type, range=None)
                raw = self.engine.column(f"c{number}")
                self.given[name] = typed_column(self.engine, raw, kinds[name], type_, name)
        self.numbers = {name: number for number, name in enumerate(policy.parameters)}

    def read(self) -> None:
        """Add what the cells state, which of them are no values, and which rows are refused."""
        engine, columns, members = self.engine, dict[str, E](), dict[str, E]()
        for name, each in self.given.items():
            number = self.numbers[name]
            value, wrong = f"t{number}", f"w{number}"
            columns |= {value: each.column, wrong: each.wrong}
            present = {f"{value}_{place}": member for place, member in enumerate(each.members)}
            for column, member in present.items():
                members[column] = has_member(engine, engine.column(value), member)
            self.plan.cells[f"c{number}"] = Cells(value, wrong, tuple(present))
        seller = engine.text(engine.column(_RAW_SELLER))
        self.plan.reading = [{SELLER: seller, **columns}, members]
        self._refuse()

    def _refuse(self) -> None:
        """Add which rows are refused, and why."""
        engine = self.engine
        wrong = [engine.column(f"w{self.numbers[name]}") for name in self.given]
        nameless = _nameless(engine)
        self._add({REFUSED: engine.some([nameless, *wrong])})
        reasons = [(nameless, engine.value("; no `seller`"))]
        for name, each in self.given.items():
            said = engine.joined([engine.value(f"; setting `{name}`: "), each.reason])
            reasons.append((engine.column(f"w{self.numbers[name]}"), said))
        nothing = engine.value("")
        said = engine.joined([engine.first_match([each], nothing) for each in reasons])
        self.plan.reason = engine.substring(said, len("; ") + 1)

    def fill_in(self) -> None:
        """Put the default where a row states nothing."""
        engine, columns = self.engine, dict[str, E]()
        for name, parameter in self.policy.parameters.items():
            default = parameter.default
            if name not in self.given:
                self.plan.settings[name] = default
            elif isinstance(default, frozenset):
                present = {}
                for place, member in enumerate(self.given[name].members):
                    present[member] = f"v{self.numbers[name]}_{place}"
                    stated = engine.column(f"t{self.numbers[name]}_{place}")
                    columns[present[member]] = self._or(stated, member in default)
                self.plan.columns[name] = present
                self.plan.settings[name] = {m: engine.column(c) for m, c in present.items()}
            else:
                column = f"v{self.numbers[name]}"
                columns[column] = self._or(engine.column(f"t{self.numbers[name]}"), default)
                self.plan.columns[name] = column
                self.plan.settings[name] = engine.column(column)
        self._add(columns)

    def _add(self, columns: Layer[E]) -> None:
        if columns:
            self.plan.layers.append(columns)

    def _or(self, stated: E, default: Value) -> E:
        engine = self.engine
        assert isinstance(default, bool | int | str)
        return engine.first_match([(engine.is_absent(stated), engine.value(default))], stated)

    def check(self) -> None:
        """Add where a setting is an error by itself: fixed, out of range, no whole days."""
        found: list[tuple[E, str, str]] = []
        for name in self.given:
            parameter = self.policy.parameters[name]
            if parameter.fixed:
                shown = words_of({name: parameter.type.show(parameter.default)})
                found.append((self._differs(parameter), name, f"{shown}, which is fixed"))
            elif parameter.type.range:
                low, high = parameter.type.range
                ends = [parameter.type.show(end) for end in parameter.type.range]
                outside = self._outside(self._column(name), low, high)
                found.append((outside, name, words_of({name: {"between": ends}})))
        for name, plus, term in self._whole_days():
            part = self._no_whole_days(self._column(name), plus)
            found.append((part, name, f"{name}: whole days, as `{term}` counts by calendar"))
        columns: Layer[E] = {}
        for number, (wrong, name, words) in enumerate(found):
            columns[f"i_{number}"] = wrong
            self.plan.invalid[f"i_{number}"] = (f"settings.{name}", words)
        self._add(columns)

    def _column(self, name: str) -> E:
        return self.engine.column(f"v{self.numbers[name]}")

    def _outside(self, column: E, low: int, high: int) -> E:
        engine = self.engine
        below = engine.less(column, engine.value(low))
        return engine.some([below, engine.less(engine.value(high), column)])

    def _differs(self, parameter: Parameter) -> E:
        engine, default = self.engine, parameter.default
        kept = self.plan.columns[parameter.name]
        if isinstance(kept, dict):
            assert isinstance(default, frozenset)
            parts = [
                engine.negation(engine.column(column))
                if member in default
                else engine.column(column)
                for member, column in kept.items()
            ]
            return engine.some(parts)
        assert isinstance(default, bool | int | str)
        return engine.negation(engine.equal(engine.column(kept), engine.value(default)))

    def _whole_days(self) -> Iterable[tuple[str, int, str]]:
        """Yield the settings that a term counted in whole days gives, with what it adds."""
        found: dict[tuple[str, int], str] = {}
        for term in self.policy.terms.values():
            if _counts_by_calendar(term):
                for row in term.rows:
                    if isinstance(row.then, ParameterValue) and row.then.name in self.given:
                        found.setdefault((row.then.name, row.then.plus), term.name)
        for (name, plus), term_name in found.items():
            if not self.policy.parameters[name].fixed:
                yield name, plus, term_name

    def _no_whole_days(self, minutes: E, plus: int) -> E:
        engine, day = self.engine, MINUTES["d"]
        # beyond zero whatever is added, as a remainder below zero is another one
        total = engine.sum(minutes, engine.value(plus % day))
        days = engine.times(engine.divided(total, day), day)
        return engine.negation(engine.equal(total, days))


def _nameless(engine: Columns[E]) -> E:
    seller = engine.column(SELLER)
    empty = engine.equal(seller, engine.value(""))
    return engine.first_match([(engine.is_absent(seller), engine.value(True))], empty)


def _counts_by_calendar(term: Term) -> bool:
    return term.type.name == "duration" and not term.counting.elapsed
