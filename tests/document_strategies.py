"""Hypothesis strategies for whole documents: vocabularies, policies, overrides and cases.

What they draw passes `validate`; it is small, so that edges meet often, and it uses every
operator with every type. The drawn documents are data, as a file would hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from checker.language.model.operators import OPERATORS, OperandShape
from checker.language.model.types import ORDERED, duration_text, money_text

Data = dict[str, Any]
Named = Mapping[str, Data]

CALENDARS: Named = {
    id: {"kind": "calendar", "id": id, "version": "1.0.0", "years": [2024, 2024], **days}
    for id, days in {
        "calendar": {
            "holidays": ["2024-05-01", "2024-05-02", "2024-05-03", "2024-05-06"],
            "workdays": ["2024-05-11"],
        },
        "other": {"holidays": ["2024-04-30", "2024-05-01", "2024-05-08", "2024-05-09"]},
    }.items()
}
_FIRST_DAY, _DAYS = 26, 14  # of April 2024: drawn dates lie around the calendars' holidays
_DURATIONS = [0, 30, 60, 1440, 2880, 4320]


def _day(number: int) -> str:
    day = _FIRST_DAY + number
    return f"2024-04-{day:02d}" if day <= 30 else f"2024-05-{day - 30:02d}"


@st.composite
def vocabularies(draw: st.DrawFn) -> Data:
    """Draw a vocabulary with facts of every type, a derived one among them."""
    facts: Data = {
        "flag": {"type": "boolean", "typical": draw(st.booleans())},
        "sign": {"type": "boolean", **draw(st.sampled_from([{}, {}, {"default": True}]))},
        "count": {"type": "integer", "range": [-2, 6], "typical": draw(st.integers(-2, 6))},
        "other": {"type": "integer", "range": [0, 4]},
        "price": {"type": "money", "range": ["0.00", "0.06"], "typical": "0.03"},
        "kind": {"type": "enum", "values": ["a", "b", "c"]},
        "sort": {"type": "enum", "values": ["b", "c", "d"], "typical": "c"},
        "day": {"type": "date"},
        "start": {"type": draw(st.sampled_from(["date", "datetime"]))},
    }
    facts["end"] = {"type": facts["start"]["type"]}
    derive: Data = {"days_from": "start", "to": "end"}
    if facts["start"]["type"] == "datetime" and draw(st.booleans()):
        derive["counting"] = "elapsed"
    elif draw(st.booleans()):
        derive |= {"roll": draw(_rolls("kind", facts["kind"])), "weekends": draw(st.booleans())}
    if "counting" not in derive and draw(st.integers(0, 3)) == 0:
        derive["counting"] = "months"
        derive |= draw(st.sampled_from([{}, {"and_days": 3}]))
    if draw(st.booleans()):
        derive["before"] = "zero"
    facts["days"] = {"type": "integer", "range": [0, 12], "typical": 2, "derive": derive}
    vocabulary: Data = {
        "kind": "vocabulary",
        "id": "returns",
        "version": "1.0.0",
        "time_zone": draw(st.sampled_from(["Asia/Shanghai", "America/New_York"])),
        "facts": facts,
    }
    shape = conditions(testable(vocabulary), {}, depth=1)
    always = draw(st.lists(shape, max_size=1))
    vocabulary["invariants"] = [{"id": f"i{n}", "always": each} for n, each in enumerate(always)]
    return vocabulary


def _rolls(name: str, fact: Data) -> st.SearchStrategy[Any]:
    """Return what days roll by: a calendar, or calendars of some values of the enum fact."""
    calendar = st.sampled_from([*CALENDARS])
    by_value = st.dictionaries(st.sampled_from(fact["values"]), calendar, min_size=1)
    return calendar | by_value.map(lambda picked: {"fact": name, "calendars": picked})


@st.composite
def small_vocabularies(draw: st.DrawFn) -> Data:
    """Draw a vocabulary with so few cases that all of them can be looked at."""
    facts: Data = {
        "flag": {"type": "boolean", "typical": draw(st.booleans())},
        "count": {"type": "integer", "range": [-1, 3], "typical": draw(st.integers(-1, 3))},
        "other": {"type": "integer", "range": [0, 3], "typical": draw(st.integers(0, 3))},
        "price": {"type": "money", "range": ["0.00", "0.03"], "typical": "0.01"},
        "kind": {
            "type": "enum",
            "values": ["a", "b", "c"],
            "typical": draw(st.sampled_from("abc")),
        },
    }
    chosen = draw(st.sets(st.sampled_from([*facts]), min_size=2, max_size=4)) | {"kind"}
    vocabulary: Data = {
        "kind": "vocabulary",
        "id": "returns",
        "version": "1.0.0",
        "facts": {name: fact for name, fact in facts.items() if name in chosen},
    }
    shape = conditions(testable(vocabulary), {}, depth=1)
    always = draw(st.lists(shape, max_size=2))
    vocabulary["invariants"] = [{"id": f"i{n}", "always": each} for n, each in enumerate(always)]
    return vocabulary


def testable(vocabulary: Data) -> Named:
    """Return the facts that a condition may look at."""
    derived_from = {
        fact["derive"][key]
        for fact in vocabulary["facts"].values()
        if "derive" in fact
        for key in ("days_from", "to")
    }
    return {
        name: fact
        for name, fact in vocabulary["facts"].items()
        if name not in derived_from and fact["type"] != "datetime"
    }


def _literals(entry: Data) -> st.SearchStrategy[Any]:
    """Return the values that a document may state for a fact or parameter, or compare it with."""
    if entry["type"] == "date":
        return st.integers(0, _DAYS).map(_day)
    if entry["type"] == "duration":
        return st.sampled_from(_DURATIONS).map(duration_text)
    if entry["type"] == "money":
        low, high = (int(str(end).replace(".", "")) for end in entry.get("range", ("0.00", "0.06")))
        return st.integers(low, high).map(money_text)
    if entry["type"] == "integer":
        return st.integers(*entry.get("range", (-2, 6)))
    if entry["type"] == "boolean":
        return st.booleans()
    return st.sampled_from(entry["values"])


@st.composite
def conditions(
    draw: st.DrawFn,
    facts: Named,
    parameters: Named,
    grounds: Sequence[str] = (),
    definitions: Sequence[str] = (),
    depth: int = 2,
) -> Data:
    """Draw a condition over facts, parameters, grounds and definitions."""
    inner = conditions(facts, parameters, grounds, definitions, depth - 1) if depth else None
    condition: Data = {}
    for _ in range(draw(st.integers(1, 2))):
        options = ["test"] * 3
        options += ["all", "any", "not"] if inner is not None else []
        options += ["ground"] if grounds else []
        options += ["definition"] if definitions else []
        key = draw(st.sampled_from(options))
        if key == "test":
            name = draw(st.sampled_from([*facts, *parameters]))
            entry = {**facts, **parameters}[name]
            condition[name] = draw(_tests(name, entry, facts, parameters))
        elif inner is not None and key == "not":
            condition["not"] = draw(inner)
        elif inner is not None and key in ("all", "any"):
            condition[key] = draw(st.lists(inner, max_size=3))
        else:
            known = grounds if key == "ground" else definitions
            condition[key] = draw(st.sampled_from(known))
    return condition


@st.composite
def _tests(draw: st.DrawFn, name: str, entry: Data, facts: Named, parameters: Named) -> Any:
    if entry["type"] != "set" and draw(st.integers(0, 3)) == 0:
        literal = _literals(entry)
        return draw(literal | st.lists(literal, max_size=2))
    operators = draw(
        st.lists(st.sampled_from(_asked_of(entry)), min_size=1, max_size=2, unique=True)
    )
    return {each: draw(_operands(each, name, entry, facts, parameters)) for each in operators}


def _asked_of(entry: Data) -> list[str]:
    """Return the operators that can be asked of the type."""
    if entry["type"] == "set":
        return ["includes", "excludes"]
    return [
        operator.name
        for operator in OPERATORS.values()
        if operator.shape is not OperandShape.MEMBERS
        and (entry["type"] in ORDERED or not operator.needs_order)
    ]


def _operands(
    operator: str, name: str, entry: Data, facts: Named, parameters: Named
) -> st.SearchStrategy[Any]:
    if entry["type"] == "set":
        return st.lists(st.sampled_from(entry["values"]), max_size=2)
    shape = OPERATORS[operator].shape
    literals = _literals(entry)
    if shape is OperandShape.LIST:
        sets = [each for each, other in parameters.items() if other.get("of") == name]
        named = [st.just({"param": each}) for each in sets]
        return st.one_of(st.lists(literals, max_size=3), *named)
    one = _one_operand(entry, literals, facts, parameters)
    if shape is OperandShape.PAIR:
        ends = st.lists(literals, min_size=2, max_size=2).map(lambda each: _in_order(each, entry))
        return ends | st.tuples(named_operands(entry, facts, parameters), one).map(list)
    return one


def _in_order(ends: list[Any], entry: Data) -> list[Any]:
    if entry["type"] == "duration":
        return sorted(
            ends, key=lambda text: int(text[:-1]) * {"d": 1440, "h": 60, "m": 1}[text[-1]]
        )
    return sorted(ends)


def _one_operand(
    entry: Data, literals: st.SearchStrategy[Any], facts: Named, parameters: Named
) -> st.SearchStrategy[Any]:
    return literals | named_operands(entry, facts, parameters)


def named_operands(entry: Data, facts: Named, parameters: Named) -> st.SearchStrategy[Any]:
    """Return operands that name a fact or parameter of the type, or literals where none is."""
    options: list[st.SearchStrategy[Any]] = []
    for key, known in (("fact", facts), ("param", parameters)):
        for name, other in known.items():
            if _fits(other, entry):
                options.append(st.just({key: name}))
                if entry["type"] in ORDERED:
                    plus = st.integers(-2, 2)
                    options.append(st.fixed_dictionaries({key: st.just(name), "plus": plus}))
    return st.one_of(options) if options else _literals(entry)


def _fits(operand: Data, tested: Data) -> bool:
    if operand["type"] == "choice" and tested["type"] in ("enum", "choice"):
        return {*operand["values"]} <= {*tested["values"]}
    if operand["type"] == "enum" and tested["type"] == "choice":
        return {*operand["values"]} <= {*tested["values"]}
    return bool(operand["type"] == tested["type"] != "set")


@st.composite
def policies(draw: st.DrawFn, vocabulary: Data, id: str = "platform") -> Data:
    """Draw a policy for the vocabulary, with parameters of every type."""
    facts = testable(vocabulary)
    parameters: Data = {
        "switch": {"type": "boolean", "default": draw(st.booleans())},
        "limit": {"type": "integer", "default": draw(st.integers(-2, 6))},
        "fee": {"type": "money", "default": draw(st.integers(0, 6).map(money_text))},
        "wait": {
            "type": "duration",
            "default": draw(st.sampled_from(_DURATIONS).map(duration_text)),
        },
        "mode": {"type": "choice", "values": ["b", "c"], "default": draw(st.sampled_from("bc"))},
        "kinds": {
            "type": "set",
            "of": "kind",
            "default": draw(st.lists(st.sampled_from("abc"), unique=True)),
        },
    }
    typed: Data = {**parameters, "kinds": {**parameters["kinds"], "values": ["a", "b", "c"]}}
    definitions: Data = {}
    for name in ("d0", "d1")[: draw(st.integers(0, 2))]:
        definitions[name] = draw(conditions(facts, typed, (), [*definitions], 1))
    grounds: Data = {}
    for name in ("g0", "g1", "g2")[: draw(st.integers(0, 3))]:
        when = draw(conditions(facts, typed, [*grounds], [*definitions], 1))
        grounds[name] = {"when": when}
    entitlements: Data = {}
    for name in ("e0", "e1", "e2")[: draw(st.integers(0, 3))]:
        when = draw(conditions(facts, typed, [*grounds], [*definitions]))
        unless = draw(st.lists(st.sampled_from([*grounds]), unique=True)) if grounds else []
        entitlements[name] = {"when": when, "unless": unless}
    policy = {
        "kind": "policy",
        "id": id,
        "version": "1.0.0",
        "vocabulary": "returns@1",
        "parameters": parameters,
        "definitions": definitions,
        "grounds": grounds,
        "entitlements": entitlements,
    }
    if draw(st.booleans()):
        policy["otherwise"] = draw(st.sampled_from(["must_accept", "negotiate"]))
    names = ["fast", "cheap", "payer"]
    policy["terms"] = {
        name: {
            **TERMS[name],
            **(
                {"when": draw(conditions(facts, {}, depth=1))}
                if draw(st.integers(0, 2)) == 0
                else {}
            ),
            "decide": draw(_rows(TERMS[name], facts, typed, [*grounds], [*definitions])),
        }
        for name in draw(st.lists(st.sampled_from(names), unique=True))
    }
    return policy


TERMS: Named = {
    "fast": {"type": "duration", "better": "lower"},
    "cheap": {"type": "money", "better": "higher"},
    "payer": {"type": "choice", "values": ["b", "c", "d"]},
}


@st.composite
def _rows(
    draw: st.DrawFn,
    term: Data,
    facts: Named,
    parameters: Named,
    grounds: Sequence[str],
    definitions: Sequence[str],
) -> list[Data]:
    when = conditions(facts, parameters, grounds, definitions, 1)
    then = _literals(term) | named_operands(term, {}, parameters)
    rows = [{"when": draw(when), "then": draw(then)} for _ in range(draw(st.integers(0, 2)))]
    return [*rows, {"then": draw(then)}]


@st.composite
def overrides(draw: st.DrawFn, vocabulary: Data, policy: Data) -> Data:
    """Draw an override of the policy: scope, settings, rules and terms."""
    facts = testable(vocabulary)
    typed: Data = {
        name: {
            **entry,
            "values": entry.get("values")
            or vocabulary["facts"].get(entry.get("of"), {}).get("values"),
        }
        for name, entry in policy["parameters"].items()
    }
    grounds, definitions = [*policy["grounds"]], [*policy["definitions"]]
    override: Data = {
        "kind": "override",
        "id": "shop",
        "version": "1.0.0",
        "policy": f"{policy['id']}@1",
        "settings": {},
        "rules": [],
        "terms": {},
    }
    if draw(st.booleans()):
        override["scope"] = draw(conditions(facts, {}, depth=1))
    for name in draw(st.lists(st.sampled_from([*typed]), unique=True, max_size=3)):
        members = st.lists(_literals(typed[name]), unique=True)
        setting = members if typed[name]["type"] == "set" else _literals(typed[name])
        override["settings"][name] = draw(setting)
    for number in range(draw(st.integers(0, 3))):
        rule: Data = {
            "id": f"r{number}",
            "when": draw(conditions(facts, typed, grounds, definitions)),
        }
        answers = ["follow", "accept", "manual"] + (["reject"] * 2 if grounds else [])
        rule["respond"] = draw(st.sampled_from(answers))
        if rule["respond"] == "reject":
            rule["cites"] = draw(st.lists(st.sampled_from(grounds), unique=True, min_size=1))
        override["rules"].append(rule)
    override["otherwise"] = draw(st.sampled_from(["follow", "accept", "reject", "manual"]))
    for name, term in policy["terms"].items():
        if draw(st.booleans()):
            rows = draw(_rows(term, facts, typed, grounds, definitions))
            before_its_own = draw(st.booleans())
            override["terms"][name] = [*rows[:-1], *term["decide"]] if before_its_own else rows
    return override


@st.composite
def stated_cases(draw: st.DrawFn, vocabulary: Data) -> Data:
    """Draw what a case states: some facts or all, now and then one that is no value."""
    stated: Data = {}
    whole = draw(st.booleans())
    for name, fact in vocabulary["facts"].items():
        if "derive" in fact and draw(st.integers(0, 3)) > 0:
            continue
        if whole or draw(st.booleans()):
            stated[name] = draw(_stated_values(fact))
    return stated


def _stated_values(fact: Data) -> st.SearchStrategy[Any]:
    if fact["type"] == "datetime":
        hours = st.sampled_from(["00:00:00", "08:30:00", "15:59:59", "16:00:00", "23:59:59"])
        zones = st.sampled_from(["Z", "+08:00", "-05:00"])
        day = st.integers(0, _DAYS).map(_day)
        return st.builds("{}T{}{}".format, day, hours, zones)
    if fact["type"] == "integer" and "derive" not in fact:
        return st.integers(fact["range"][0], fact["range"][1])
    return _literals(fact)
