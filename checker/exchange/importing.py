"""A document of another format, read and made into what a policy is asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.exchange.formats import read
from checker.exchange.names import Taken, slug
from checker.exchange.overrides import Made, Scope, overrides_of
from checker.exchange.parameters import MadeParameters, parameters_of
from checker.exchange.positioned_data import UNREADABLE
from checker.exchange.records import record_of
from checker.exchange.statements import NOT_UNDERSTOOD, Note, Record
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.problems import Finding, Position


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: overrides, parameters and records, and problems of none of them."""

    file: str
    made: tuple[Made, ...] = ()
    parameters: tuple[MadeParameters, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[Finding, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Yield all that is wrong, in the order of the file."""
        yield from self.problems
        for each in self.made:
            yield from (*each.stated.problems, *each.problems)
        for parameters in self.parameters:
            yield from (*parameters.parameters.problems, *parameters.problems)
        for record in self.records:
            yield from record.problems

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read as far as it goes."""
        return all(each.check != UNREADABLE for each in self.problems)


def import_file(
    format: str,
    path: Path,
    exchange: Exchange,
    scope: Scope,
    taken: Taken,
    seller: str = "",
) -> Imported:
    """Return what a file of the format becomes under the exchange document's policy.

    `scope` narrows overrides by fact, as the format may not say which goods it is about. The
    `seller` is called like the file unless it is given; ids in `taken` are not used again.
    UsageError where a package is not installed that reading the file needs.
    """
    file = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        unread = Finding(Position(file), f"can't be read: {reason}", check=UNREADABLE)
        return Imported(file, problems=(unread,))
    found = read(format, raw, file)
    if not (found.stated or found.parameters or found.records or found.problems):
        message = f"nothing of {format} that is about returns was found"
        return Imported(file, problems=(Finding(Position(file), message, check=NOT_UNDERSTOOD),))
    default = seller or slug(path.stem) or "seller"
    records = (_of_seller(each, seller) for each in found.records)
    return Imported(
        file,
        tuple(overrides_of(found.stated, exchange, default, scope, taken)),
        tuple(parameters_of(each, exchange) for each in found.parameters),
        tuple(record_of(each, exchange) for each in records),
        found.problems,
    )


def settled(found: Sequence[Imported]) -> list[Imported]:
    """Return what the files became, of a return with states in several of them the last alone.

    Of two with the same stamp the later file's is the last.
    """
    last: dict[str, Record] = {}
    states: Counter[str] = Counter()
    for each in (record for one in found for record in one.records if record.of):
        states[each.of] += 1
        if each.of not in last or each.stamp >= last[each.of].stamp:
            last[each.of] = each

    def kept(records: Iterable[Record]) -> Iterator[Record]:
        for each in records:
            if last.get(each.of, each) is each:
                yield _with_states(each, states[each.of])

    return [replace(one, records=tuple(kept(one.records))) for one in found]


def _with_states(record: Record, files: int) -> Record:
    """Return a record with the note that files have other states of it."""
    if files < 2:
        return record
    note = Note(f"the last state that any of {files} files has", record.position)
    return replace(record, notes=(*record.notes, note))


def _of_seller(record: Record, seller: str) -> Record:
    if not seller or not record.columns or record.columns.get("seller"):
        return record
    return replace(record, columns={**record.columns, "seller": seller})


def exchange_of(resolver: Resolver, resolved: ResolvedPolicy, day: int) -> Exchange:
    """Return the exchange document of the world's policy that is in force on a day.

    NotFound where there is none, or where it speaks of other versions; InvalidDocument where it
    has errors.
    """
    policy, library = resolved.policy, resolver.library
    document = library.find("exchange", f"{policy.id}/exchange", day)
    reference = str(document.data.get("policy"))
    if all(each.name != policy.name for each in library.versions("policy", reference)):
        raise NotFound(f"`{document.name}` is about `{reference}`, not about `{policy.name}`")
    return resolver.valid_model(document, resolver.exchange(document, policy))
