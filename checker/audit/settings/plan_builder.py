"""Builds the plan of a table of settings: checks its columns, reads its cells, adds defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Generic

from checker.audit.intake.typed import TypedColumn, can_be, has_member, typed_column
from checker.audit.settings.limits import SettingsLimit, condition_text
from checker.audit.settings.plan import REFUSED, SELLER, Cells, SettingsPlan, broken_columns
from checker.columns.base import Columns, E, Layer
from checker.language.model.conditions import ParameterValue
from checker.language.model.policy import Parameter, Policy
from checker.language.model.terms import Term
from checker.language.model.types import MINUTES, Value
from checker.language.model.vocabulary import Vocabulary
from checker.language.syntax.problems import UsageError, did_you_mean, quoted

_RAW_SELLER = "raw_seller"


def settings_plan(
    engine: Columns[E], kinds: Mapping[str, str], policy: Policy, limits: Iterable[SettingsLimit]
) -> SettingsPlan[E]:
    """Return the plan for a table.

    Args:
        engine: the operations of the engine.
        kinds: the kinds of the table's columns, by name.
        policy: the policy whose settings the table has.
        limits: the limits that settings must satisfy.

    Raises:
        UsageError: there is no column `seller`, or a column is neither a setting nor a fact.
    """
    check_columns(kinds, policy)
    plan = SettingsPlan(engine, {_RAW_SELLER: "seller"})
    for number, name in enumerate(fact for fact in policy.vocabulary.facts if fact in kinds):
        plan.scope[name] = f"raw_scope_{number}"
    plan.renamed |= {column: name for name, column in plan.scope.items()}
    reader = _SettingsReader(plan, kinds, policy)
    reader.read_cells()
    reader.add_defaults()
    reader.check_values()
    columns, plan.broken = broken_columns(engine, plan.settings, policy, limits)
    plan.layers += [columns] if columns else []
    return plan


def check_columns(kinds: Mapping[str, str], policy: Policy) -> None:
    """Raise UsageError where the columns are not those of a table of settings."""
    settings, facts = [*policy.parameters], policy.vocabulary.testable_facts()
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


class _SettingsReader(Generic[E]):
    """Adds the settings of a table to a plan; settings without a column have their defaults."""

    def __init__(self, plan: SettingsPlan[E], kinds: Mapping[str, str], policy: Policy) -> None:
        self.plan, self.engine, self.policy = plan, plan.engine, policy
        self.typed: dict[str, TypedColumn[E]] = {}
        for number, parameter in enumerate(policy.parameters.values()):
            name = parameter.name
            if name in kinds:
                plan.renamed[f"raw_{number}"] = name
                # a setting out of its range is a finding; a cell that is no value is refused
                type_ = replace(parameter.type, range=None)
                raw = self.engine.column(f"raw_{number}")
                self.typed[name] = typed_column(self.engine, raw, kinds[name], type_, name)
        self.numbers = {name: number for number, name in enumerate(policy.parameters)}

    def read_cells(self) -> None:
        """Add the typed cells, which of them are wrong, and which rows are refused."""
        engine, columns, members = self.engine, dict[str, E](), dict[str, E]()
        for name, typed in self.typed.items():
            number = self.numbers[name]
            value, wrong = f"typed_{number}", f"wrong_{number}"
            columns |= {value: typed.column, wrong: typed.wrong}
            present = {f"{value}_{index}": member for index, member in enumerate(typed.members)}
            for column, member in present.items():
                members[column] = has_member(engine, engine.column(value), member)
            self.plan.cells[f"raw_{number}"] = Cells(value, wrong, tuple(present))
        seller = engine.text(engine.column(_RAW_SELLER))
        self.plan.reading = [{SELLER: seller, **columns}, members]
        self._refuse()

    def _refuse(self) -> None:
        """Add the column of refused rows, and the reason."""
        engine = self.engine
        wrong = [engine.column(f"wrong_{self.numbers[name]}") for name in self.typed]
        no_seller = _without_seller(engine)
        self._add({REFUSED: engine.some([no_seller, *wrong])})
        reasons = [(no_seller, engine.value("; no `seller`"))]
        for name, typed in self.typed.items():
            message = engine.joined([engine.value(f"; setting `{name}`: "), typed.reason])
            reasons.append((engine.column(f"wrong_{self.numbers[name]}"), message))
        nothing = engine.value("")
        message = engine.joined([engine.first_match([typed], nothing) for typed in reasons])
        self.plan.reason = engine.substring(message, len("; ") + 1)

    def add_defaults(self) -> None:
        """Add the settings with the default where a cell is empty."""
        engine, columns = self.engine, dict[str, E]()
        for name, parameter in self.policy.parameters.items():
            default = parameter.default
            if name not in self.typed:
                self.plan.settings[name] = default
            elif isinstance(default, frozenset):
                present = {}
                for index, member in enumerate(self.typed[name].members):
                    present[member] = f"setting_{self.numbers[name]}_{index}"
                    stated = engine.column(f"typed_{self.numbers[name]}_{index}")
                    columns[present[member]] = self._or_default(stated, member in default)
                self.plan.columns[name] = present
                self.plan.settings[name] = {m: engine.column(c) for m, c in present.items()}
            else:
                column = f"setting_{self.numbers[name]}"
                columns[column] = self._or_default(
                    engine.column(f"typed_{self.numbers[name]}"), default
                )
                self.plan.columns[name] = column
                self.plan.settings[name] = engine.column(column)
        self._add(columns)

    def _add(self, columns: Layer[E]) -> None:
        """Add a layer, unless it is empty."""
        if columns:
            self.plan.layers.append(columns)

    def _or_default(self, stated: E, default: Value) -> E:
        """Return the stated value, else the default."""
        engine = self.engine
        assert isinstance(default, bool | int | str)
        return engine.first_match([(engine.is_absent(stated), engine.value(default))], stated)

    def check_values(self) -> None:
        """Add where a setting is invalid by itself: fixed, out of range, not in whole days."""
        problems: list[tuple[E, str, str]] = []
        for name in self.typed:
            parameter = self.policy.parameters[name]
            if parameter.fixed:
                text = condition_text({name: parameter.type.show(parameter.default)})
                problems.append((self._differs(parameter), name, f"{text}, which is fixed"))
            elif parameter.type.range:
                low, high = parameter.type.range
                ends = [parameter.type.show(end) for end in parameter.type.range]
                outside = self._outside(self._column(name), low, high)
                problems.append((outside, name, condition_text({name: {"between": ends}})))
        for name, plus, term in self._whole_days():
            wrong = self._no_whole_days(self._column(name), plus)
            problems.append((wrong, name, f"{name}: whole days, as `{term}` counts by calendar"))
        columns: Layer[E] = {}
        for number, (wrong, name, text) in enumerate(problems):
            columns[f"invalid_{number}"] = wrong
            self.plan.invalid[f"invalid_{number}"] = (f"settings.{name}", text)
        self._add(columns)

    def _column(self, name: str) -> E:
        """Return the column of a setting."""
        return self.engine.column(f"setting_{self.numbers[name]}")

    def _outside(self, column: E, low: int, high: int) -> E:
        """Return whether a number is out of the range."""
        engine = self.engine
        below = engine.less(column, engine.value(low))
        return engine.some([below, engine.less(engine.value(high), column)])

    def _differs(self, parameter: Parameter) -> E:
        """Return whether a setting is not the parameter's default."""
        engine, default = self.engine, parameter.default
        columns = self.plan.columns[parameter.name]
        if isinstance(columns, dict):
            assert isinstance(default, frozenset)
            differences = [
                engine.negation(engine.column(column))
                if member in default
                else engine.column(column)
                for member, column in columns.items()
            ]
            return engine.some(differences)
        assert isinstance(default, bool | int | str)
        return engine.negation(engine.equal(engine.column(columns), engine.value(default)))

    def _whole_days(self) -> Iterable[tuple[str, int, str]]:
        """Yield the settings that terms in whole days use, the added constant, and the term."""
        terms_by_value: dict[tuple[str, int], str] = {}
        for term in self.policy.terms.values():
            if _counts_by_calendar(term):
                for row in term.rows:
                    if isinstance(row.then, ParameterValue) and row.then.name in self.typed:
                        terms_by_value.setdefault((row.then.name, row.then.plus), term.name)
        for (name, plus), term_name in terms_by_value.items():
            if not self.policy.parameters[name].fixed:
                yield name, plus, term_name

    def _no_whole_days(self, minutes: E, plus: int) -> E:
        """Return whether the minutes with the constant added are no whole days."""
        engine, day = self.engine, MINUTES["d"]
        # the constant modulo a day, so that the sum is never negative, as division requires
        total = engine.sum(minutes, engine.value(plus % day))
        days = engine.times(engine.divided(total, day), day)
        return engine.negation(engine.equal(total, days))


def _without_seller(engine: Columns[E]) -> E:
    """Return whether the row has no seller."""
    seller = engine.column(SELLER)
    empty = engine.equal(seller, engine.value(""))
    return engine.first_match([(engine.is_absent(seller), engine.value(True))], empty)


def _counts_by_calendar(term: Term) -> bool:
    """Return whether the term is a duration in calendar days."""
    return term.type.name == "duration" and not term.counting.elapsed
