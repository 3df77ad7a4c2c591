"""Imports a document of another format: overrides, parameters and records under a policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.exchange.formats import read
from checker.exchange.names import UsedIds, slug
from checker.exchange.overrides import BuiltOverride, Scope, overrides_of
from checker.exchange.parameters import BuiltParameters, parameters_of
from checker.exchange.positioned_data import UNREADABLE
from checker.exchange.records import record_of
from checker.exchange.statements import NOT_UNDERSTOOD, Note, Record
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.files import open_regular
from checker.language.syntax.problems import Finding, Position, system_reason


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file becomes; `problems` are those of the file, not of an override or a record."""

    file: str
    overrides: tuple[BuiltOverride, ...] = ()
    parameters: tuple[BuiltParameters, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[Finding, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Yield all problems: of the file, of overrides, of parameters, of records."""
        yield from self.problems
        for override in self.overrides:
            yield from (*override.stated.problems, *override.problems)
        for parameters in self.parameters:
            yield from (*parameters.choices.problems, *parameters.problems)
        for record in self.records:
            yield from record.problems

    @property
    def is_readable(self) -> bool:
        """Whether the whole file could be read."""
        return all(problem.check != UNREADABLE for problem in self.problems)


def import_file(
    format: str,
    path: Path,
    exchange: Exchange,
    scope: Scope,
    used_ids: UsedIds,
    seller: str = "",
) -> Imported:
    """Return what a file of the format becomes under the policy of the exchange document.

    Args:
        format: One of `FORMATS`.
        path: The file.
        exchange: Maps the notions of the format to the policy.
        scope: Tests by fact that narrow each override, as a format may not say which goods its
            policies are about.
        used_ids: Ids that new overrides do not get; theirs are added.
        seller: The id of the seller; empty for the name of the file.

    Raises:
        UsageError: A package that reading the file needs is not installed.
    """
    file = str(path)
    try:
        with open_regular(path) as opened:
            raw = opened.read()
    except OSError as error:
        reason = system_reason(error)
        unreadable = Finding(Position(file), f"can't be read: {reason}", check=UNREADABLE)
        return Imported(file, problems=(unreadable,))
    document = read(format, raw, file)
    if not (document.stated or document.choices or document.records or document.problems):
        message = f"nothing of {format} that is about returns was found"
        return Imported(file, problems=(Finding(Position(file), message, check=NOT_UNDERSTOOD),))
    default_id = seller or slug(path.stem) or "seller"
    records = (_with_seller(record, seller) for record in document.records)
    return Imported(
        file,
        tuple(overrides_of(document.stated, exchange, default_id, scope, used_ids)),
        tuple(parameters_of(choices, exchange) for choices in document.choices),
        tuple(record_of(record, exchange) for record in records),
        document.problems,
    )


def latest_states(files: Sequence[Imported]) -> list[Imported]:
    """Return the files, with only the latest of several states of a return among their records.

    Of two states with the same stamp, the one in the later file is the latest.
    """
    latest: dict[str, Record] = {}
    state_counts: Counter[str] = Counter()
    for record in (record for file in files for record in file.records if record.return_id):
        state_counts[record.return_id] += 1
        known = latest.get(record.return_id)
        if known is None or record.stamp >= known.stamp:
            latest[record.return_id] = record

    def latest_of(records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            if latest.get(record.return_id, record) is record:
                yield _with_state_count(record, state_counts[record.return_id])

    return [replace(file, records=tuple(latest_of(file.records))) for file in files]


def _with_state_count(record: Record, file_count: int) -> Record:
    """Return a record with a note if several files have a state of it."""
    if file_count < 2:
        return record
    note = Note(f"the last state that any of {file_count} files has", record.position)
    return replace(record, notes=(*record.notes, note))


def _with_seller(record: Record, seller: str) -> Record:
    """Return a record with the given seller, if it names none itself."""
    if not seller or not record.columns or record.columns.get("seller"):
        return record
    return replace(record, columns={**record.columns, "seller": seller})


def exchange_of(resolver: Resolver, resolved: ResolvedPolicy, day: int) -> Exchange:
    """Return the exchange document of the resolved policy that is in force on a day.

    Args:
        resolver: Reads the document.
        resolved: The policy.
        day: The day as a proleptic Gregorian ordinal.

    Raises:
        NotFound: There is no such document, or it refers to other versions of the policy.
        InvalidDocument: The document has errors.
    """
    policy, library = resolved.policy, resolver.library
    document = library.find("exchange", f"{policy.id}/exchange", day)
    reference = str(document.data.get("policy"))
    if all(version.name != policy.name for version in library.versions("policy", reference)):
        raise NotFound(f"`{document.name}` is about `{reference}`, not about `{policy.name}`")
    return resolver.valid_model(document, resolver.exchange(document, policy))
