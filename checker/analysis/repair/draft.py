"""A draft: an override between edits, as data and as typed under each version of its policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from checker.analysis.repair.evaluator import Trial
from checker.analysis.repair.thresholds import Thresholds, thresholds
from checker.language.formatter.edits import Edit, changed_data
from checker.language.model.conditions import Condition, parameters_in
from checker.language.model.override import Override, read_override
from checker.language.model.policy import Policy
from checker.language.model.types import Value, ValueType
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Path, Reporter, path_text

# what comes before a key, in the order in which an override is written by custom
_KEYS = ("policy", "effective", "scope", "settings", "rules", "otherwise")


@dataclass(slots=True)
class Draft:
    """What edits are made from.

    Names and types are those of the first world. `owed` are the conditions of entitlements, as
    the documents of the policies state them.
    """

    document: Document
    worlds: list[ResolvedPolicy]
    overrides: list[Override]
    owed: list[dict[str, Any]]
    types: dict[str, ValueType] = field(init=False)
    thresholds: Thresholds = field(init=False)

    def __post_init__(self) -> None:
        parameters = {name: each.type for name, each in self.policy.parameters.items()}
        self.types = {**self.policy.vocabulary.types(), **parameters}
        self.thresholds = thresholds(self.worlds, self.overrides)

    @property
    def data(self) -> dict[str, Any]:
        """The override as its document has it."""
        return self.document.data

    @property
    def policy(self) -> Policy:
        """The policy that the override answers under."""
        return self.overrides[0].policy

    @property
    def parameters(self) -> dict[str, Value]:
        """The value of every parameter under the settings."""
        return self.overrides[0].parameters()

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules as the document has them."""
        rules: list[dict[str, Any]] = self.data.get("rules", [])
        return rules

    @property
    def otherwise(self) -> str:
        """The answer where no rule holds."""
        return str(self.data.get("otherwise", "follow"))

    def at(self, path: Path) -> str:
        """Return the name of the place that `path` leads to."""
        return path_text(self.data, path)

    def behind(self, key: str) -> str:
        """Return the key of the document behind which `key` belongs."""
        return [earlier for earlier in _KEYS[: _KEYS.index(key)] if earlier in self.data][-1]

    def parameters_of(self, conditions: Iterator[tuple[Override, Condition]]) -> set[str]:
        """Return the parameters that the conditions look at, through grounds and definitions."""
        return {
            name
            for override, condition in conditions
            for name in parameters_in(condition, override.policy.names)
        }

    def after(self, edit: Edit) -> list[Override] | None:
        """Return the override after the edit, under each version of its policy; None with errors.

        Where the edit changes one rule, the other rules are the same objects.
        """
        data: Any = self.data
        for step in edit.steps:
            data = changed_data(data, step)
        number = edit.only_rule
        if number is None:
            return read(self.document, data, self.worlds)
        alone = read(self.document, {"rules": [data["rules"][number]]}, self.worlds)
        if alone is None:
            return None
        return [
            replace(one, rules=(*one.rules[:number], *other.rules, *one.rules[number + 1 :]))
            for one, other in zip(self.overrides, alone, strict=True)
        ]

    def trials(self, overrides: list[Override]) -> list[Trial]:
        """Return trials of what the override became, which know the rules that are still there."""
        pairs = zip(overrides, self.overrides, strict=True)
        return [Trial(after, frozenset(before.rules)) for after, before in pairs]


def read(
    document: Document, data: dict[str, Any], worlds: list[ResolvedPolicy]
) -> list[Override] | None:
    """Return the override with other data under each version of its policy; None with errors."""
    overrides = []
    for resolved in worlds:
        edited = replace(document, data=data, cache={})
        report = Reporter(edited)
        overrides.append(read_override(edited, resolved.policy, report))
        if report.problems:
            return None
    return overrides
