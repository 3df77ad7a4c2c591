"""Column expressions in SQL, as sqlglot's trees: DuckDB, PostgreSQL and Spark.

Every constant has its type, no list is empty or holds NULL, and nothing is cast that may fail:
so the engines agree. Trees may share branches, until they become columns of a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from sqlglot import exp

from checker.language.model.types import Value

Tree = exp.Expr
_FIRST_DAY = 719163  # the proleptic number of 1970-01-01
_DAYS = ("1970-01-01", "2199-12-31")
_MOMENTS = ("1900-01-01 00:00:00", "2299-12-31 00:00:00")  # nothing beyond overflows
_TYPES = {bool: "BOOLEAN", int: "BIGINT", str: "TEXT"}


class Sql:
    """`Columns` of a database; `dialect` is sqlglot's name for it."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def column(self, name: str) -> Tree:
        return exp.column(name, quoted=True)

    def value(self, value: bool | int | str) -> Tree:
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        if isinstance(value, int):
            return exp.cast(exp.Literal.number(value), "BIGINT")
        return exp.cast(exp.Literal.string(value), "TEXT")

    def absent(self, like: type) -> Tree:
        return exp.cast(exp.Null(), _TYPES[like])

    def every(self, parts: Sequence[Tree]) -> Tree:
        return _chain(exp.And, parts) if parts else self.value(True)

    def some(self, parts: Sequence[Tree]) -> Tree:
        return _chain(exp.Or, parts) if parts else self.value(False)

    def opposite(self, part: Tree) -> Tree:
        return exp.Not(this=exp.Paren(this=part))

    def equal(self, one: Tree, other: Tree) -> Tree:
        return exp.Paren(this=exp.EQ(this=one, expression=other))

    def less(self, one: Tree, other: Tree) -> Tree:
        return exp.Paren(this=exp.LT(this=one, expression=other))

    def one_of(self, subject: Tree, values: Sequence[Value]) -> Tree:
        # whole numbers take the type of the subject, and a thousand casts would take their time
        constants = [
            self.value(each) if isinstance(each, bool | str) else exp.Literal.number(each)
            for each in values
        ]
        return exp.Paren(this=exp.In(this=subject, expressions=constants))

    def is_absent(self, subject: Tree) -> Tree:
        return exp.Paren(this=exp.Is(this=exp.Paren(this=subject), expression=exp.Null()))

    def first(self, rows: Sequence[tuple[Tree, Tree]], otherwise: Tree) -> Tree:
        if not rows:
            return otherwise
        ifs = [exp.If(this=when, true=then) for when, then in rows]
        return exp.Case(ifs=ifs, default=otherwise)

    def sum(self, one: Tree, other: Tree) -> Tree:
        return exp.Paren(this=exp.Add(this=one, expression=other))

    def times(self, number: Tree, factor: int) -> Tree:
        return exp.Paren(this=exp.Mul(this=number, expression=self.value(factor)))

    def divided(self, number: Tree, by: int) -> Tree:
        divisor = self.value(by)
        if self.dialect == "postgres":  # `/` of whole numbers is whole there
            return exp.Paren(this=exp.Div(this=number, expression=divisor, typed=True, safe=False))
        return exp.Paren(this=exp.IntDiv(this=number, expression=divisor))

    def text(self, subject: Tree) -> Tree:
        return exp.cast(subject, "TEXT")

    def joined(self, parts: Sequence[Tree]) -> Tree:
        return reduce(lambda a, b: exp.Paren(this=exp.DPipe(this=a, expression=b)), parts)

    def matches(self, text: Tree, pattern: str) -> Tree:
        end = r"\z" if self.dialect == "spark" else "$"  # Java's `$` lets a last newline pass
        whole = exp.Literal.string(f"^({pattern}){end}")
        return exp.Paren(this=exp.RegexpLike(this=text, expression=whole))

    def part(self, text: Tree, start: int, length: int | None = None) -> Tree:
        given = [exp.Literal.number(start)]
        given += [] if length is None else [exp.Literal.number(length)]
        return exp.Substring(this=text, **dict(zip(("start", "length"), given, strict=False)))

    def number(self, text: Tree, pattern: str) -> Tree:
        fits = exp.If(this=self.matches(text, pattern), true=exp.cast(text, "BIGINT"))
        return exp.Case(ifs=[fits])

    def contains(self, text: Tree, piece: str) -> Tree:
        position = exp.StrPosition(this=text, substr=exp.Literal.string(piece))
        return exp.Paren(this=exp.GT(this=position, expression=exp.Literal.number(0)))

    def inside(self, number: Tree, low: int, high: int) -> Tree:
        return exp.Paren(this=exp.Between(this=number, low=self.value(low), high=self.value(high)))

    def length(self, text: Tree) -> Tree:
        return exp.cast(exp.Length(this=text), "BIGINT")

    def cut(self, text: Tree, length: Tree) -> Tree:
        none = exp.If(this=self.less(length, self.value(0)), true=exp.cast(0, "INT"))
        given = exp.Case(ifs=[none], default=exp.cast(length, "INT"))
        return exp.Substring(this=text, start=exp.Literal.number(1), length=given)

    def found(self, text: Tree, pattern: str) -> Tree:
        wanted = exp.Literal.string(pattern)
        if self.dialect != "postgres":
            return _call("REGEXP_EXTRACT", text, wanted, exp.Literal.number(1))
        taken = exp.Coalesce(
            this=_call("SUBSTRING", text, wanted), expressions=[exp.Literal.string("")]
        )
        return exp.Case(ifs=[exp.If(this=exp.Not(this=self.is_absent(text)), true=taken)])

    def without(self, text: Tree, piece: str) -> Tree:
        return _call("REPLACE", text, exp.Literal.string(piece), exp.Literal.string(""))

    def digits(self, text: Tree) -> Tree:
        return exp.TryCast(this=text, to=exp.DataType.build("BIGINT"))

    def narrowed(self, when: Tree, subject: Tree) -> Tree:
        return subject

    def whole(self, number: Tree) -> Tree:
        return exp.TryCast(this=number, to=exp.DataType.build("BIGINT"))

    def scaled(self, number: Tree, places: int) -> Tree:
        # as text, since a product may have more digits than a decimal of the engine
        text = self.text(number)
        whole = self.found(text, r"^([-+]?[0-9]+)")
        parts = self.found(text, rf"[.]([0-9]{{1,{places}}})") if places else self.value("")
        padded = self.part(self.joined([parts, self.value("0" * places)]), 1, places or None)
        more = self.matches(text, rf"[-+]?[0-9]+[.][0-9]{{{places}}}[0-9]*[1-9][0-9]*")
        short = self.matches(whole, rf"[-+]?0*[0-9]{{1,{18 - places}}}")
        fits = self.every([short, self.opposite(more)])
        joined = self.joined([whole, padded]) if places else whole
        return self.first([(fits, self.digits(joined))], self.absent(int))

    def shortest(self, number: Tree, places: int) -> Tree:
        factor = exp.cast(exp.Literal.number(10**places), "DOUBLE")
        bounds = [exp.cast(exp.Literal.number(each), "DOUBLE") for each in _bounds(15 - places)]
        inside = self.every([self.less(bounds[0], number), self.less(number, bounds[1])])
        scaled = exp.Round(this=exp.Mul(this=number, expression=factor))
        near = exp.Case(ifs=[exp.If(this=inside, true=exp.cast(scaled, "BIGINT"))])
        back = exp.Div(this=exp.cast(near, "DOUBLE"), expression=factor, typed=False, safe=False)
        return exp.Case(ifs=[exp.If(this=self.equal(back, number), true=near)])

    def day_number(self, date: Tree) -> Tree:
        first, last = (exp.cast(exp.Literal.string(day), "DATE") for day in _DAYS)
        days: Tree = exp.Paren(this=exp.Sub(this=date, expression=first))
        if self.dialect == "spark":
            days = _call("DATEDIFF", date, first)
        inside = exp.Between(this=date, low=first, high=last)
        number = self.sum(exp.cast(days, "BIGINT"), self.value(_FIRST_DAY))
        return exp.Case(ifs=[exp.If(this=inside, true=number)])

    def microseconds(self, moment: Tree, zoned: bool) -> Tree:
        type_ = "TIMESTAMPTZ" if zoned else "TIMESTAMP"
        moment = exp.cast(moment, type_)  # may be of nanoseconds
        first, last = (exp.cast(exp.Literal.string(day), type_) for day in _MOMENTS)
        name = {"duckdb": "EPOCH_US", "spark": "UNIX_MICROS"}.get(self.dialect)
        if name:
            number = _call(name, moment)
        else:
            seconds = exp.Extract(this=exp.var("EPOCH"), expression=moment)
            scaled = exp.Mul(this=seconds, expression=exp.Literal.number(10**6))
            number = exp.cast(exp.Floor(this=scaled), "BIGINT")
        inside = exp.Between(this=moment, low=first, high=last)
        return exp.Case(ifs=[exp.If(this=inside, true=number)])

    def listed(self, members: Tree) -> Tree:
        name = "ARRAY_JOIN" if self.dialect == "spark" else "ARRAY_TO_STRING"
        sizes = {
            "duckdb": (_call("LEN", members), _call("LIST_COUNT", members)),
            "spark": (_call("SIZE", members), _call("SIZE", _call("ARRAY_COMPACT", members))),
        }.get(self.dialect)
        # a member that is absent would be left out without a word
        absent = self.is_absent(_call("ARRAY_POSITION", members, exp.Null()))
        complete = self.equal(*sizes) if sizes else absent
        joined = _call(name, members, exp.Literal.string("|"))
        return exp.Case(ifs=[exp.If(this=complete, true=joined)])


def _call(name: str, *given: Tree) -> Tree:
    """Return a call of the engine's own function."""
    return exp.Anonymous(this=name, expressions=[*given])


def _bounds(exponent: int) -> tuple[int, int]:
    return -(10**exponent), 10**exponent


def _chain(connective: type[exp.Connector], parts: Sequence[Tree]) -> Tree:
    """Return the parts in one row, as nested ones would be too deep for a parser."""
    chain: Tree
    chain, *others = parts
    for part in others:
        chain = connective(this=chain, expression=part)
    return exp.Paren(this=chain)


def stacked(
    source: Tree, layers: Sequence[Mapping[str, Tree]], dialect: str, outputs: Mapping[str, Tree]
) -> exp.Select:
    """Return the query of the outputs, over the columns of every layer, one after the other.

    PostgreSQL would write a column that is used twice into its users, layer after layer, until
    the query explodes; an `OFFSET` of 0 keeps each layer to itself.
    """
    query = exp.select("*").from_(source)
    for layer in layers:
        columns = [exp.alias_(tree, name, quoted=True) for name, tree in layer.items()]
        query = exp.select("*", *columns, copy=False).from_(
            query.subquery("s", copy=False), copy=False
        )
        if dialect == "postgres":
            query = query.offset(0, copy=False)
    columns = [exp.alias_(tree, name, quoted=True) for name, tree in outputs.items()]
    return exp.select(*columns, copy=False).from_(query.subquery("s", copy=False), copy=False)
