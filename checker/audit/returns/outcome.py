"""What an engine computes of records, and what comes back of it; shared by frames and SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

import polars as pl

from checker.audit.files.scan import ROW_NUMBER
from checker.audit.intake.typed_rows import Intake
from checker.audit.returns.deadlines import Deadline
from checker.audit.returns.findings import Records
from checker.audit.returns.periods import Period
from checker.columns.base import Columns, E, is_true
from checker.columns.days import local_day
from checker.evaluate.requirement import governed
from checker.language.model.standards import COUNTS
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.resolver import ResolvedPolicy

Watch = Callable[[int], None] | None  # told of how many rows more have been read
METRICS = (*COUNTS, "met")
BUCKETS = 24  # in which the time taken is counted, and one more for all that is longer
NO_BUCKET = BUCKETS + 1  # of deadlines whose start is not known
BUCKETS_A_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Part(Generic[E]):
    """The records of one period; `inside` is where a row belongs to it, None where all do.

    `widths` are the minutes of a bucket of the time that each deadline takes, by its term.
    """

    period: Period
    records: Records[E]
    inside: E | None
    widths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """What came back of some rows of a period: how many there are, and what is made of them.

    `sums` has a row a seller, `findings` a row a finding, as they are written, and `refused` a row
    a refused row. `taken` has a frame a term that has a deadline: buckets of the time taken, and of
    how many deadlines.
    """

    read: int
    sums: pl.LazyFrame
    findings: pl.LazyFrame
    refused: pl.LazyFrame
    taken: dict[str, pl.DataFrame]


@dataclass(slots=True)
class Outcome:
    """What came back of all rows: findings by period, all else in one."""

    read: int = 0
    refused: list[pl.LazyFrame] = field(default_factory=list)
    findings: list[pl.LazyFrame] = field(default_factory=list)
    sums: list[pl.LazyFrame] = field(default_factory=list)
    taken: list[dict[str, pl.DataFrame]] = field(default_factory=list)

    def add(self, slices: Sequence[Slice]) -> None:
        """Add the slices of a period, of which there is one at least."""
        self.read += sum(each.read for each in slices)
        self.findings.append(pl.concat([each.findings for each in slices]))
        self.sums += [each.sums for each in slices]
        self.refused += [each.refused for each in slices]
        self.taken += [each.taken for each in slices]


def row_columns(engine: Columns[E], records: Records[E]) -> dict[str, E]:
    """Return the columns of a record in which something is found, by their names.

    Ids stand by their places: `o0` is the first entitlement, `c0` the first ground, `x0` the first
    check and `f0` the first fact; `taken0` and `limit0` are minutes of the first deadline, as is
    `allowed0` where records may state its end.
    """
    intake, required = records.intake, records.required
    vocabulary = records.resolved.vocabulary
    columns = {
        "case": case(engine, records),
        "seller": intake.seller,
        "response": intake.response,
        "day": day(engine, intake, vocabulary),
        "verdict": required.verdict(),
    }
    owed, cites = required.owed.values(), intake.cites.values()
    columns |= {f"o{n}": is_true(engine, each) for n, each in enumerate(owed)}
    columns |= {f"c{n}": each for n, each in enumerate(cites)}
    columns |= {f"x{n}": each for n, each in enumerate(records.findings.values())}
    columns |= {f"taken{n}": each.taken for n, each in enumerate(records.deadlines)}
    columns |= {f"limit{n}": each.limit for n, each in enumerate(records.deadlines)}
    stated = [(n, each.allowed) for n, each in enumerate(records.deadlines)]
    columns |= {f"allowed{n}": allowed for n, allowed in stated if allowed is not None}
    columns |= {f"f{n}": intake.facts[name] for n, name in enumerate(vocabulary.facts)}
    return columns


def case(engine: Columns[E], records: Records[E]) -> E:
    """Return the text that names the record: its id, or else the number of its row."""
    named = records.intake.case
    number = engine.text(engine.column(ROW_NUMBER))
    return engine.first_match([(engine.is_absent(named), number)], named)


def day(engine: Columns[E], intake: Intake[E], vocabulary: Vocabulary) -> E:
    """Return the day of the vocabulary's `as_of` fact, absent where there is none."""
    if vocabulary.as_of is None:
        return engine.absent(int)
    stated = intake.facts[vocabulary.as_of]
    if vocabulary.facts[vocabulary.as_of].type.name == "date":
        return stated
    return local_day(engine, stated, vocabulary.time_zone)


def bucket_widths(worlds: Iterable[ResolvedPolicy]) -> dict[str, int]:
    """Return of each term with a deadline the minutes of a bucket of the time that it takes.

    It is an eighth of the shortest limit, so that most limits lie on the edges of buckets.
    """
    limits: dict[str, list[int]] = {}
    for given in (governed(policy) for resolved in worlds for policy in resolved.policies):
        for term in (term for term in given.policy.terms.values() if term.has_deadline):
            values = [int(given.value(row)) for row in given.rows[term.name]]
            limits.setdefault(term.name, []).extend(each for each in values if each > 0)
    return {
        name: max(1, min(found, default=480) // BUCKETS_A_LIMIT) for name, found in limits.items()
    }


def bucket(engine: Columns[E], deadline: Deadline[E], width: int) -> E:
    """Return the bucket of the time that a deadline took, by its number."""
    number = engine.divided(deadline.taken, width)
    few = engine.less(number, engine.value(BUCKETS))
    rows = [(engine.is_absent(number), engine.value(NO_BUCKET)), (few, number)]
    return engine.first_match(rows, engine.value(BUCKETS))
