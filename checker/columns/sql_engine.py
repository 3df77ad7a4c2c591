"""Column expressions in SQL, as trees of sqlglot: DuckDB, PostgreSQL and Spark.

The engines agree because every constant has a type, no list is empty or holds NULL, and no cast
can fail. Trees may share branches until they become columns of a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from sqlglot import exp

from checker.language.model.types import Value

Tree = exp.Expr
_FIRST_DAY = 719163  # the proleptic number of 1970-01-01
_DAYS = ("1970-01-01", "2199-12-31")
_MOMENTS = ("1900-01-01 00:00:00", "2299-12-31 00:00:00")  # no overflow within
_TYPES = {bool: "BOOLEAN", int: "BIGINT", str: "TEXT"}


class SqlColumns:
    """The `Columns` of a database; `dialect` is sqlglot's name of it."""

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

    def negation(self, part: Tree) -> Tree:
        return exp.Not(this=exp.Paren(this=part))

    def equal(self, left: Tree, right: Tree) -> Tree:
        return exp.Paren(this=exp.EQ(this=left, expression=right))

    def less(self, left: Tree, right: Tree) -> Tree:
        return exp.Paren(this=exp.LT(this=left, expression=right))

    def one_of(self, subject: Tree, values: Sequence[Value]) -> Tree:
        # an integer takes the type of the subject; a thousand casts would cost time
        constants = [
            self.value(value) if isinstance(value, bool | str) else exp.Literal.number(value)
            for value in values
        ]
        return exp.Paren(this=exp.In(this=subject, expressions=constants))

    def is_absent(self, subject: Tree) -> Tree:
        return exp.Paren(this=exp.Is(this=exp.Paren(this=subject), expression=exp.Null()))

    def first_match(self, rows: Sequence[tuple[Tree, Tree]], otherwise: Tree) -> Tree:
        if not rows:
            return otherwise
        ifs = [exp.If(this=when, true=then) for when, then in rows]
        return exp.Case(ifs=ifs, default=otherwise)

    def sum(self, left: Tree, right: Tree) -> Tree:
        return exp.Paren(this=exp.Add(this=left, expression=right))

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
        anchored = exp.Literal.string(f"^({pattern}){end}")
        return exp.Paren(this=exp.RegexpLike(this=text, expression=anchored))

    def substring(self, text: Tree, start: int, length: int | None = None) -> Tree:
        bounds = [exp.Literal.number(start)]
        bounds += [] if length is None else [exp.Literal.number(length)]
        return exp.Substring(this=text, **dict(zip(("start", "length"), bounds, strict=False)))

    def parsed_number(self, text: Tree, pattern: str) -> Tree:
        fits = exp.If(this=self.matches(text, pattern), true=exp.cast(text, "BIGINT"))
        return exp.Case(ifs=[fits])

    def contains(self, text: Tree, piece: str) -> Tree:
        position = exp.StrPosition(this=text, substr=exp.Literal.string(piece))
        return exp.Paren(this=exp.GT(this=position, expression=exp.Literal.number(0)))

    def inside(self, number: Tree, low: int, high: int) -> Tree:
        return exp.Paren(this=exp.Between(this=number, low=self.value(low), high=self.value(high)))

    def length(self, text: Tree) -> Tree:
        return exp.cast(exp.Length(this=text), "BIGINT")

    def prefix(self, text: Tree, length: Tree) -> Tree:
        none = exp.If(this=self.less(length, self.value(0)), true=exp.cast(0, "INT"))
        size = exp.Case(ifs=[none], default=exp.cast(length, "INT"))
        return exp.Substring(this=text, start=exp.Literal.number(1), length=size)

    def extracted(self, text: Tree, pattern: str) -> Tree:
        group_pattern = exp.Literal.string(pattern)
        if self.dialect != "postgres":
            return _call("REGEXP_EXTRACT", text, group_pattern, exp.Literal.number(1))
        group = exp.Coalesce(
            this=_call("SUBSTRING", text, group_pattern), expressions=[exp.Literal.string("")]
        )
        return exp.Case(ifs=[exp.If(this=exp.Not(this=self.is_absent(text)), true=group)])

    def without(self, text: Tree, piece: str) -> Tree:
        return _call("REPLACE", text, exp.Literal.string(piece), exp.Literal.string(""))

    def parsed_digits(self, text: Tree) -> Tree:
        return exp.TryCast(this=text, to=exp.DataType.build("BIGINT"))

    def only_where(self, when: Tree, subject: Tree) -> Tree:
        return subject

    def int64(self, number: Tree) -> Tree:
        return exp.TryCast(this=number, to=exp.DataType.build("BIGINT"))

    def scaled_decimal(self, number: Tree, places: int) -> Tree:
        # as text: the product may have more digits than the engine's decimals
        text = self.text(number)
        whole = self.extracted(text, r"^([-+]?[0-9]+)")
        fraction = self.extracted(text, rf"[.]([0-9]{{1,{places}}})") if places else self.value("")
        padded = self.substring(
            self.joined([fraction, self.value("0" * places)]), 1, places or None
        )
        more = self.matches(text, rf"[-+]?[0-9]+[.][0-9]{{{places}}}[0-9]*[1-9][0-9]*")
        short = self.matches(whole, rf"[-+]?0*[0-9]{{1,{18 - places}}}")
        fits = self.every([short, self.negation(more)])
        joined = self.joined([whole, padded]) if places else whole
        return self.first_match([(fits, self.parsed_digits(joined))], self.absent(int))

    def scaled_float(self, number: Tree, places: int) -> Tree:
        factor = exp.cast(exp.Literal.number(10**places), "DOUBLE")
        bounds = [exp.cast(exp.Literal.number(bound), "DOUBLE") for bound in _bounds(15 - places)]
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
        moment = exp.cast(moment, type_)  # the column may hold nanoseconds
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

    def joined_list(self, members: Tree) -> Tree:
        name = "ARRAY_JOIN" if self.dialect == "spark" else "ARRAY_TO_STRING"
        sizes = {
            "duckdb": (_call("LEN", members), _call("LIST_COUNT", members)),
            "spark": (_call("SIZE", members), _call("SIZE", _call("ARRAY_COMPACT", members))),
        }.get(self.dialect)
        # the engines leave out members that are NULL; `complete` detects them
        absent = self.is_absent(_call("ARRAY_POSITION", members, exp.Null()))
        complete = self.equal(*sizes) if sizes else absent
        joined = _call(name, members, exp.Literal.string("|"))
        return exp.Case(ifs=[exp.If(this=complete, true=joined)])


def _call(name: str, *arguments: Tree) -> Tree:
    """Return a call of a function that only the engine knows."""
    return exp.Anonymous(this=name, expressions=[*arguments])


def _bounds(exponent: int) -> tuple[int, int]:
    """Return minus and plus 10 to the power of `exponent`."""
    return -(10**exponent), 10**exponent


def _chain(connective: type[exp.Connector], parts: Sequence[Tree]) -> Tree:
    """Return the connected parts in one row; nested parentheses would be too deep for a parser."""
    chain: Tree
    chain, *rest = parts
    for part in rest:
        chain = connective(this=chain, expression=part)
    return exp.Paren(this=chain)


def layered_query(
    source: Tree, layers: Sequence[Mapping[str, Tree]], dialect: str, outputs: Mapping[str, Tree]
) -> exp.Select:
    """Return the query of the outputs over the columns of all layers, each a subquery.

    PostgreSQL would copy the expression of a column into every place that uses it, and the query
    would grow exponentially with the layers; an `OFFSET` of 0 prevents this.

    Args:
        source: what to select from.
        layers: columns by name, layer by layer.
        dialect: sqlglot's name of the engine.
        outputs: the columns of the result.
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
