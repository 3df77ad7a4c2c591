"""Where names stand in documents, as one table: what a key declares, and what a text names.

Beside the JSON Schemas, which say what the shape of a document is, this says what its words mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language.syntax.documents import Path

# whose value a text may be: the name before it is one of a fact, a parameter or a term
VALUED = frozenset(["fact", "parameter", "tested", "term"])


@dataclass(slots=True)
class Shape:
    """What may stand at a place.

    `names` is what a text there names, `keys` what keys name that `inside` does not list;
    `declares` says that the keys are where these names come from. `each` is what stands at such
    keys, and at the items of a list.
    """

    names: str = ""
    keys: str = ""
    declares: bool = False
    inside: dict[str, Shape] = field(default_factory=dict)
    each: Shape | None = None

    def at(self, step: str | int) -> Shape | None:
        """Return the shape of an entry or item, None where no names stand in it."""
        return self.inside.get(step, self.each) if isinstance(step, str) else self.each


def _texts(names: str) -> Shape:
    """Return a list of names, or one of them."""
    return Shape(names, each=Shape(names))


def _list(each: Shape) -> Shape:
    return Shape(each=each)


def _map(keys: str, each: Shape | None = None, *, declares: bool = False) -> Shape:
    return Shape(keys=keys, declares=declares, each=each)


VALUE = _texts("value")
CLAUSES = _texts("clause")
GROUNDS = _texts("ground")

OPERAND = Shape("value", inside={"param": Shape("parameter"), "fact": Shape("fact")})
OPERAND.each = OPERAND
CONDITION = Shape(keys="tested", each=Shape("value", keys="operator", each=OPERAND))
CONDITION.inside = {
    "all": _list(CONDITION),
    "any": _list(CONDITION),
    "not": CONDITION,
    "ground": Shape("ground"),
    "definition": Shape("definition"),
}

ROLL = Shape("calendar")
ROLL.inside = {"fact": Shape("fact"), "calendars": Shape(each=Shape("calendar"))}
ROWS = _list(Shape(inside={"when": CONDITION, "then": OPERAND, "source": CLAUSES}))
ACCEPT = _list(Shape(inside={"at": Shape("place"), "check": Shape("check")}))
DERIVE = Shape(inside={"days_from": Shape("fact"), "to": Shape("fact"), "roll": ROLL})

_ANSWER = {
    "scope": CONDITION,
    "settings": _map("parameter", VALUE),
    "rules": _list(Shape(inside={"when": CONDITION, "cites": GROUNDS})),
    "terms": _map("term", ROWS),
}
_EXPECTED = {
    "grounds": GROUNDS,
    "entitlements": _texts("entitlement"),
    "terms": _map("term", VALUE),
    "needs": _texts("fact"),
    "cites": GROUNDS,
    "seller_terms": _map("term", VALUE),
}

SHAPES = {
    "vocabulary": Shape(
        inside={
            "as_of": Shape("fact"),
            "facts": _map("fact", Shape(inside={"derive": DERIVE}), declares=True),
            "invariants": _list(Shape(inside={"always": CONDITION, "source": CLAUSES})),
        }
    ),
    "policy": Shape(
        inside={
            "vocabulary": Shape("vocabulary"),
            "upholds": _list(Shape("policy")),
            "parameters": _map(
                "parameter",
                Shape(inside={"of": Shape("fact"), "default": VALUE, "source": CLAUSES}),
                declares=True,
            ),
            "definitions": _map("definition", CONDITION, declares=True),
            "titles": _map("definition"),
            "grounds": _map(
                "ground", Shape(inside={"when": CONDITION, "source": CLAUSES}), declares=True
            ),
            "entitlements": _map(
                "entitlement",
                Shape(inside={"when": CONDITION, "unless": GROUNDS, "source": CLAUSES}),
                declares=True,
            ),
            "terms": _map(
                "term",
                Shape(
                    inside={
                        "from": Shape("fact"),
                        "until": Shape("fact"),
                        "roll": ROLL,
                        "decide": ROWS,
                        "source": CLAUSES,
                    }
                ),
                declares=True,
            ),
            "standards": Shape(inside={"ladder": _list(Shape(inside={"source": CLAUSES}))}),
            "accept": ACCEPT,
        }
    ),
    "override": Shape(inside={"policy": Shape("policy"), **_ANSWER, "accept": ACCEPT}),
    "cases": Shape(
        inside={
            "policy": Shape("policy"),
            "override": Shape("override"),
            "cases": _list(
                Shape(inside={"facts": _map("fact", VALUE), "expect": Shape(inside=_EXPECTED)})
            ),
        }
    ),
    "exchange": Shape(
        inside={
            "policy": Shape("policy"),
            "says": Shape(
                each=Shape(inside={**_ANSWER, "values": Shape(each=Shape(inside=_ANSWER))})
            ),
            "records": Shape(each=Shape(inside={"fact": Shape("fact")})),
        }
    ),
    "source": Shape(inside={"clauses": _map("clause", declares=True)}),
    "calendar": Shape(inside={"source": CLAUSES}),
}

# what another document declares, by the kinds of names that a place may have
DOCUMENTS = frozenset(["vocabulary", "policy", "override", "calendar"])
DECLARED_AT = {
    "fact": ("vocabulary", "facts"),
    "parameter": ("policy", "parameters"),
    "definition": ("policy", "definitions"),
    "ground": ("policy", "grounds"),
    "entitlement": ("policy", "entitlements"),
    "term": ("policy", "terms"),
    "clause": ("source", "clauses"),
}

About = tuple[str, str]  # the kind of a name and the name


def standing(kind: str, path: Path) -> tuple[Shape | None, About]:
    """Return the shape of a place in a document of a kind, and whose values stand there."""
    shape, about = SHAPES.get(kind), ("", "")
    for step in path:
        if shape is None:
            break
        about = about_at(shape, step, about)
        shape = shape.at(step)
    return shape, about


def about_at(shape: Shape, step: str | int, about: About) -> About:
    """Return whose values stand below a key: those of the last name that has any."""
    named = isinstance(step, str) and step not in shape.inside and shape.keys in VALUED
    return (shape.keys, str(step)) if named else about
