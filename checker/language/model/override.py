"""Overrides: how one seller responds, typed against its policy (docs/language.md, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.conditions import Condition, ParameterValue
from checker.language.model.policy import Policy
from checker.language.model.terms import Row, Term, not_whole_days, read_rows
from checker.language.model.typecheck import ConditionReader
from checker.language.model.types import Value
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import did_you_mean, quoted


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule of a seller.

    Attributes:
        id: its id in the override.
        when: the cases that it is for.
        respond: a `Response`, or `follow` for that of the policy's verdict.
        cites: the ids of the grounds that it cites.
        title: what people call it, a text for people.
    """

    id: str
    when: Condition
    respond: str
    cites: tuple[str, ...] = ()
    title: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Override:
    """One seller's answers to returns.

    Attributes:
        name: `id@version`.
        id: the id.
        policy: the policy that it refers to.
        scope: the cases that it answers, None for every case.
        settings: the values of parameters that the seller sets, by name.
        rules: its rules; the first one that holds gives the response.
        otherwise: how the seller responds where no rule holds.
        terms: the seller's rows of terms, by name.
        title: what people call it, a text for people.
    """

    name: str
    id: str
    policy: Policy
    scope: Condition | None
    settings: Mapping[str, Value]
    rules: tuple[Rule, ...]
    otherwise: str
    terms: Mapping[str, tuple[Row, ...]]
    title: Any = None

    def parameters(self) -> dict[str, Value]:
        """Return the value of every parameter: as the seller sets it, else its default."""
        return {**self.policy.defaults(), **self.settings}


def read_override(document: Document, policy: Policy, report: Reporter) -> Override:
    """Return the override in a document that follows its schema.

    Args:
        document: the part of the document that follows its schema.
        policy: the policy that it refers to.
        report: collects the errors; where there is one, the override must not be used.
    """
    data = document.data
    reader = ConditionReader(policy.scope(), report)
    facts_only = ConditionReader(policy.vocabulary.scope(), report)
    scope = facts_only.condition(data["scope"], ("scope",)) if "scope" in data else None
    settings = _settings(data, policy, report)
    rules = _rules(data, policy, reader)
    terms: dict[str, tuple[Row, ...]] = {}
    for name, entries in data.get("terms", {}).items():
        term = policy.terms.get(name)
        if term is None:
            message = f"`{name}` is no term of `{policy.name}`"
            hint = did_you_mean(name, policy.terms)
            report.error(("terms", name), message, hint, key=True)
            continue
        rows = read_rows(entries, term.type, term.counting, ("terms", name), reader)
        if rows:
            terms[name] = rows
    _check_whole_days(policy, settings, terms, report)
    return Override(
        document.name,
        document.id,
        policy,
        scope,
        settings,
        rules,
        data.get("otherwise", "follow"),
        terms,
        data.get("title"),
    )


def _settings(data: Any, policy: Policy, report: Reporter) -> dict[str, Value]:
    settings: dict[str, Value] = {}
    for name, value in data.get("settings", {}).items():
        path: Path = ("settings", name)
        parameter = policy.parameters.get(name)
        if parameter is None:
            known = [
                parameter.name for parameter in policy.parameters.values() if not parameter.fixed
            ]
            help = did_you_mean(name, known) or (f"it has {quoted(known)}" if known else None)
            report.error(path, f"`{name}` is no setting of `{policy.name}`", help, key=True)
        elif parameter.fixed:
            message = f"`{name}` is fixed by `{policy.name}`: sellers can't set it"
            report.error(path, message, "remove it", key=True)
        else:
            try:
                settings[name] = parameter.type.read(value)
                parameter.type.check_range(settings[name])
            except ValueError as error:
                report.error(path, str(error))
    return settings


def _rules(data: Any, policy: Policy, reader: ConditionReader) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    seen: set[str] = set()
    for index, entry in enumerate(data.get("rules", [])):
        path: Path = ("rules", index)
        if entry["id"] in seen:
            reader.report.error((*path, "id"), f"the rule `{entry['id']}` stands twice")
        seen.add(entry["id"])
        for cite_index, ground in enumerate(entry.get("cites", ())):
            if ground not in policy.grounds:
                message = f"`{ground}` is no ground of `{policy.name}`"
                hint = did_you_mean(ground, policy.grounds)
                reader.report.error((*path, "cites", cite_index), message, hint)
        when = reader.condition(entry["when"], (*path, "when"))
        if when:
            cites = tuple(entry.get("cites", ()))
            rules.append(Rule(entry["id"], when, entry["respond"], cites, entry.get("title")))
    return tuple(rules)


def _check_whole_days(
    policy: Policy,
    settings: Mapping[str, Value],
    terms: Mapping[str, tuple[Row, ...]],
    report: Reporter,
) -> None:
    """Report each setting that gives a term in whole days a value that is not whole days."""
    for name, term in policy.terms.items():
        for row in terms.get(name, term.rows):
            problem = _not_whole_days(row, term, policy, settings)
            if problem:
                report.error(*problem)


def _not_whole_days(
    row: Row, term: Term, policy: Policy, settings: Mapping[str, Value]
) -> tuple[Path, str] | None:
    """Return path and message of the error where a row takes a value that is not whole days."""
    if term.type.name != "duration" or not isinstance(row.then, ParameterValue):
        return None
    name = row.then.name
    value = settings.get(name, policy.parameters[name].default)
    problem = not_whole_days(value + row.then.plus, term.type, term.counting)  # type: ignore[operator]
    if not problem:
        return None
    return (("settings", name) if name in settings else ("terms", term.name)), problem
