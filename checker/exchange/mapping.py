"""Maps statements to the parts of an override, one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checker.exchange.statements import Note, StatedPolicy, Statement, not_understood
from checker.language.model.exchange.document import Exchange, NotionMapping
from checker.language.model.exchange.fragments import PartPath, one_of, parts, values_of
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding


@dataclass(frozen=True, slots=True)
class MappedStatement:
    """A statement and the override's parts that it sets, such as `settings.window_days`."""

    statement: Statement
    part_names: tuple[str, ...]


@dataclass(slots=True)
class OverrideBuilder:
    """Collects the parts of an override; `sources` are the statements that set them.

    A part of the scope that the user asked for has the source None. `has_no_case` says that the
    override would apply to no case of the policy, and is not made.
    """

    stated: StatedPolicy
    exchange: Exchange
    parts: dict[PartPath, Any] = field(default_factory=dict)
    sources: dict[PartPath, Statement | None] = field(default_factory=dict)
    mapped: list[MappedStatement] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    has_no_case: bool = False

    def add(self, statement: Statement) -> None:
        """Set the parts that the statement maps to, or add a note or a problem."""
        mapping = self.exchange.says.get(statement.notion)
        first = self._first_statement(statement.notion)
        if mapping is None:
            self._note(statement, f"nothing in `{self.exchange.policy.id}` is about it")
        elif first.value != statement.value:
            self._problem(statement, f"does not go with `{first.source_text}`")
        elif _has_other_currency(statement, mapping):
            self._problem(statement, f"is no amount in {mapping.currency}")
        else:
            self._map(statement, mapping)

    def set_part(self, path: PartPath, value: Any, source: Statement | None) -> None:
        """Set a part. A fact that is set again has the values that both tests admit."""
        values = values_of(value) if path[0] == "scope" else None
        value = value if values is None else one_of(values)
        known_value = self.parts.setdefault(path, value)
        known_source = self.sources.setdefault(path, source)
        if known_value == value:
            return
        known_values = values_of(known_value)
        if values is not None and known_values is not None:
            common = [known for known in known_values if known in values]
            self.parts[path] = one_of(common)
            if not common:
                self._leave_no_case(source or known_source)
            return
        if source:
            known_text = f"`{known_source.source_text}`" if known_source else "what is asked for"
            self._problem(source, f"does not go with {known_text}: both say `{'.'.join(path)}`")
        elif known_source:
            self._problem(known_source, f"does not go with the `{path[-1]}` that is asked for")

    def _map(self, statement: Statement, mapping: NotionMapping) -> None:
        value = self._known_value(statement, mapping)
        if value is None:
            self.has_no_case = True
            return
        fragments = mapping.fragments_of(value)
        for fragment in fragments:
            if "outside" in fragment:
                self.has_no_case = True
                self._note(statement, english(fragment["outside"]))
            if "note" in fragment:
                self._note(statement, english(fragment["note"]))
        new_parts = parts(mapping.fragment_of(value))
        for path, part in new_parts.items():
            self.set_part(path, part, statement)
        # what has a note and sets no part is a note alone
        if new_parts or not any({"note", "outside"} & fragment.keys() for fragment in fragments):
            part_names = tuple(".".join(path) for path in new_parts)
            self.mapped.append(MappedStatement(statement, part_names))

    def _known_value(self, statement: Statement, mapping: NotionMapping) -> Any:
        """Return the part of the value that the policy knows, None if it knows nothing of it."""
        if mapping.known is None:
            return statement.value
        value = statement.value
        names = value if isinstance(value, tuple) else (str(value),)
        for name in names:
            if name not in mapping.known:
                reason = mapping.values.get(name, {}).get("outside", "")
                text = f"`{name}` is not under `{self.exchange.policy.id}`"
                self._note(statement, f"{text}: {english(reason)}" if reason else text)
        known_names = tuple(name for name in names if name in mapping.known)
        if isinstance(value, tuple):
            return known_names or None
        return value if known_names else None

    def _first_statement(self, notion: str) -> Statement:
        statements = self.stated.statements
        return next(statement for statement in statements if statement.notion == notion)

    def _leave_no_case(self, statement: Statement | None) -> None:
        self.has_no_case = True
        if statement:
            self._note(statement, "leaves no case")

    def _note(self, statement: Statement, text: str) -> None:
        self.notes.append(Note(f"`{statement.source_text}`: {text}", statement.position))

    def _problem(self, statement: Statement, why: str) -> None:
        message = f"`{statement.source_text}` {why}"
        self.problems.append(not_understood(statement.position, message, self.stated.at))


def _has_other_currency(statement: Statement, mapping: NotionMapping) -> bool:
    """Return whether it is an amount in another currency; zero is the same in every currency."""
    if mapping.form != "money" or not statement.value:
        return False
    return mapping.currency not in ("", statement.currency)
