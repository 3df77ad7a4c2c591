"""What an engine computes of records, and its results; the same for Polars and SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

import polars as pl

from checker.audit.files.scan import ROW_NUMBER
from checker.audit.intake.typed_rows import Intake
from checker.audit.returns.deadlines import Deadline
from checker.audit.returns.findings import RecordColumns
from checker.audit.returns.periods import Period
from checker.columns.base import Columns, E, is_true
from checker.columns.days import local_day
from checker.evaluate.requirement import with_defaults
from checker.language.model.standards import COUNTS
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.resolver import ResolvedPolicy

Watch = Callable[[int], None] | None  # called with the number of rows read since the last call
METRICS = (*COUNTS, "met")
BUCKETS = 24  # buckets of the time taken; bucket number 24 is for all longer times
NO_BUCKET = BUCKETS + 1  # the time taken is unknown
BUCKETS_A_LIMIT = 8


@dataclass(frozen=True, slots=True)
class PeriodPart(Generic[E]):
    """What to compute for the records of one period.

    Attributes:
        period: the period.
        records: the columns of the records.
        in_period: whether a row belongs to the period, None where all rows do.
        widths: by term with a deadline, the minutes of a bucket of the time taken.
    """

    period: Period
    records: RecordColumns[E]
    in_period: E | None
    widths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SliceResult:
    """The results of some rows of a period.

    Attributes:
        rows_read: the number of rows.
        sums: a row for each seller, with its metrics.
        findings: a row for each finding, with the columns of the results.
        refused: a row for each refused row.
        durations: by term with a deadline, how many deadlines of what limit and bucket of the time
            taken were met, late or overdue.
    """

    rows_read: int
    sums: pl.LazyFrame
    findings: pl.LazyFrame
    refused: pl.LazyFrame
    durations: dict[str, pl.DataFrame]


@dataclass(slots=True)
class ReturnsOutcome:
    """The results of all rows; `findings` has a frame for each period."""

    rows_read: int = 0
    refused: list[pl.LazyFrame] = field(default_factory=list)
    findings: list[pl.LazyFrame] = field(default_factory=list)
    sums: list[pl.LazyFrame] = field(default_factory=list)
    durations: list[dict[str, pl.DataFrame]] = field(default_factory=list)

    def add(self, slices: Sequence[SliceResult]) -> None:
        """Add the results of a period; there is at least one slice."""
        self.rows_read += sum(result.rows_read for result in slices)
        self.findings.append(pl.concat([result.findings for result in slices]))
        self.sums += [result.sums for result in slices]
        self.refused += [result.refused for result in slices]
        self.durations += [result.durations for result in slices]


def row_columns(engine: Columns[E], records: RecordColumns[E]) -> dict[str, E]:
    """Return the columns that rows of findings are made from, by their names.

    Names have the index of what they stand for: `entitlement_0`, `cites_0` (the first ground),
    `finding_0` (the first check), `fact_0`. `taken_0` and `limit_0` are minutes of the first
    deadline, and so is `allowed_0` where the table has a column for the end.
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
    columns |= {f"entitlement_{n}": is_true(engine, is_owed) for n, is_owed in enumerate(owed)}
    columns |= {f"cites_{n}": is_cited for n, is_cited in enumerate(cites)}
    columns |= {f"finding_{n}": fails for n, fails in enumerate(records.findings.values())}
    columns |= {f"taken_{n}": deadline.taken for n, deadline in enumerate(records.deadlines)}
    columns |= {f"limit_{n}": deadline.limit for n, deadline in enumerate(records.deadlines)}
    stated = [(n, deadline.allowed) for n, deadline in enumerate(records.deadlines)]
    columns |= {f"allowed_{n}": allowed for n, allowed in stated if allowed is not None}
    columns |= {f"fact_{n}": intake.facts[name] for n, name in enumerate(vocabulary.facts)}
    return columns


def case(engine: Columns[E], records: RecordColumns[E]) -> E:
    """Return the id of the record, else the number of its row."""
    id = records.intake.case
    number = engine.text(engine.column(ROW_NUMBER))
    return engine.first_match([(engine.is_absent(id), number)], id)


def day(engine: Columns[E], intake: Intake[E], vocabulary: Vocabulary) -> E:
    """Return the local day of the vocabulary's `as_of` fact, NULL where it has none."""
    if vocabulary.as_of is None:
        return engine.absent(int)
    stated = intake.facts[vocabulary.as_of]
    if vocabulary.facts[vocabulary.as_of].type.name == "date":
        return stated
    return local_day(engine, stated, vocabulary.time_zone)


def bucket_widths(policies: Iterable[ResolvedPolicy]) -> dict[str, int]:
    """Return for each term with a deadline the minutes of a bucket of the time taken.

    It is an eighth of the shortest limit, so that most limits are edges of buckets.
    """
    limits: dict[str, list[int]] = {}
    for policy in (policy for resolved in policies for policy in resolved.policies):
        rules = with_defaults(policy)
        for term in (term for term in policy.terms.values() if term.has_deadline):
            values = [int(rules.value(row)) for row in rules.rows[term.name]]
            limits.setdefault(term.name, []).extend(minutes for minutes in values if minutes > 0)
    return {
        name: max(1, min(minutes, default=480) // BUCKETS_A_LIMIT)
        for name, minutes in limits.items()
    }


def bucket(engine: Columns[E], deadline: Deadline[E], width: int) -> E:
    """Return the number of the bucket of the time that a deadline took."""
    number = engine.divided(deadline.taken, width)
    few = engine.less(number, engine.value(BUCKETS))
    rows = [(engine.is_absent(number), engine.value(NO_BUCKET)), (few, number)]
    return engine.first_match(rows, engine.value(BUCKETS))
