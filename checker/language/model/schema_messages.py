"""What a document's author reads of an error of JSON Schema, one message for one cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from checker.language.syntax.documents import Path, string_keys
from checker.language.syntax.habits import (
    meant_condition_word,
    meant_date,
    meant_duration,
    meant_key,
    meant_list,
    meant_references,
    meant_value,
)
from checker.language.syntax.problems import did_you_mean, quoted
from checker.language.syntax.scalars import found_instead_of, found_text
from checker.language.syntax.similar_names import similar_name

Error = Any  # jsonschema.ValidationError, whose attributes are typed as perhaps unset
_TYPES: dict[str, tuple[str, type]] = {  # of JSON Schema: what messages call it, and in Python
    "object": ("a map", dict),
    "array": ("a list", list),
    "string": ("a string", str),
    "number": ("a number", int),
    "integer": ("a whole number", int),
    "boolean": ("true or false", bool),
    "null": ("nothing", type(None)),
}
ErrorMessage = tuple[Path, str, str | None, bool]  # path, message, help, whether at the key


_CONDITION_KEYS = frozenset(["when", "scope", "all", "any", "not"])  # above or in a condition


def causes(errors: list[Error]) -> Iterator[ErrorMessage]:
    """Yield the messages of schema errors, without those that follow from another one.

    A key that is missing follows from a similar one that is unknown, a key without its place from a
    wrong value of the key beside it, and what stands below a word of another language from that
    word.
    """
    missing: dict[Path, list[str]] = {}
    for error in errors:
        if error.validator == "required":
            missing.setdefault(tuple(error.absolute_path), []).append(_required_key(error))
    misspelt: dict[Path, dict[str, str]] = {}  # by map: the unknown key for a missing one
    for error in errors:
        here = tuple(error.absolute_path)
        if error.validator == "additionalProperties" and here in missing:
            for name in _extra_names(error):
                meant = _similar_key(name, missing[here])
                if meant:
                    misspelt.setdefault(here, {})[meant] = name
    wrong_values = {
        tuple(error.absolute_path)
        for error in errors
        if "dependentSchemas" not in error.absolute_schema_path
    }
    foreign: set[Path] = set()
    for error in errors:
        here = tuple(error.absolute_path)
        unknown_for = misspelt.get(here, {})
        if error.validator == "required" and _required_key(error) in unknown_for:
            continue
        if "dependentSchemas" in error.absolute_schema_path and here in wrong_values:
            continue
        above = _foreign_word(here)
        if above is None:
            meant_keys = {name: meant for meant, name in unknown_for.items()}
            for path, message, help, key in error_messages(error):
                meant = meant_keys.get(str(path[-1])) if key and meant_keys else None
                yield path, message, f"did you mean `{meant}`?" if meant else help, key
        elif above not in foreign:
            foreign.add(above)
            word = str(above[-1])
            help = meant_condition_word(word) or did_you_mean(word, ("all", "any"))
            yield above, f"unknown fact or parameter `{above[-1]}`", help, True


def invalid_paths(error: Error) -> list[Path]:
    """Return the paths of the nodes to leave out because of an error."""
    here = tuple(error.absolute_path)
    foreign = _foreign_word(here)
    if foreign:
        return [foreign]
    if _is_about_name(error):
        return [(*here, str(error.instance))]
    if "dependentSchemas" in error.absolute_schema_path:
        return [_misplaced(error)[0]]
    if error.validator == "additionalProperties":
        return [(*here, name) for name in _extra_names(error)]
    return [here]


def _foreign_word(here: Path) -> Path | None:
    """Return the path of the first word among the steps of a condition that is none of its words.

    That is a word of another language, such as `or`, or a misspelt `any` with a list of conditions.
    Below a fact such a word is no entry of a condition: there `one_of` is an operator.
    """
    for depth, step in enumerate(here):
        below_key = not _CONDITION_KEYS.isdisjoint(here[:depth])
        below_name = here[0] in ("definitions", "invariants") and depth > 1
        if not isinstance(step, str) or step in _CONDITION_KEYS or not (below_key or below_name):
            continue
        above = here[depth - 1]
        begins = isinstance(above, int) or above == "always" or above in _CONDITION_KEYS
        if not begins and not (here[0] == "definitions" and depth == 2):
            continue
        has_list = depth + 1 < len(here) and isinstance(here[depth + 1], int)
        if meant_condition_word(step) or (has_list and similar_name(step, ("all", "any"))):
            return here[: depth + 1]
    return None


def _required_key(error: Error) -> str:
    """Return the key that a map lacks, of an error of `required`."""
    missing = [key for key in error.validator_value if str(error.message).startswith(f"{key!r} ")]
    return missing[0] if missing else ""


def _similar_key(name: str, missing: Iterable[str]) -> str | None:
    """Return the missing key that an unknown one stands for."""
    missing = [*missing]
    near = similar_name(name, missing)
    return near or next(
        (key for key in missing if name.startswith(key) or is_one_edit(name, key)), None
    )


def is_one_edit(one: str, other: str) -> bool:
    """Return whether one character was changed, left out or put in."""
    short, long = sorted((one, other), key=len)
    pairs = enumerate(zip(short, long, strict=False))
    common = next((n for n, (here, there) in pairs if here != there), len(short))
    if len(short) == len(long):
        return short[common + 1 :] == long[common + 1 :]
    return short[common:] == long[common + 1 :]


def error_messages(error: Error) -> Iterator[ErrorMessage]:
    """Yield path, message, help, and whether the error is at the key, of one schema error."""
    here = tuple(error.absolute_path)
    if _is_about_name(error):
        name = str(error.instance)
        yield (*here, name), f"found the name `{name}`, {_pattern(error)}", None, True
    elif error.validator == "additionalProperties":
        known = string_keys(error.schema.get("properties"))
        for name in _extra_names(error):
            yield (*here, name), f"unknown key `{name}`", _known_keys(name, known), True
    elif "dependentSchemas" in error.absolute_schema_path:
        yield _misplaced(error)
    elif error.validator == "uniqueItems":
        index = next(n for n, item in enumerate(error.instance) if item in error.instance[:n])
        yield (*here, index), "found the same item twice", "remove one of them", False
    else:
        message_of = _MESSAGES.get(str(error.validator))
        message = message_of(error) if message_of else error.message
        yield here, message, _help(error), False


def _help(error: Error) -> str | None:
    """Return what to write instead of a wrong value, None where the message says it."""
    data = error.instance
    if error.validator == "type":
        if "array" in error.validator_value:
            return meant_list(data)
        return meant_references(error.absolute_path[-1] if error.absolute_path else "", data)
    if error.validator == "enum" and isinstance(data, str):
        known = [value for value in error.validator_value if isinstance(value, str)]
        return meant_value(data, known) or did_you_mean(data, known)
    if error.validator == "pattern":
        expected = _pattern(error)
        if "a date" in expected:
            return meant_date(data)
        return meant_duration(data) if "a duration" in expected else None
    return None


def _misplaced(error: Error) -> ErrorMessage:
    """Return the message about a key that is allowed only beside some values of another key."""
    steps = [*error.absolute_schema_path]
    key = steps[steps.index("dependentSchemas") + 1]
    here = tuple(error.absolute_path)
    if error.validator == "required":
        return (*here, key), f"`{key}` needs `{error.validator_value[0]}` beside it", None, True
    wanted = error.validator_value
    wanted = wanted if isinstance(wanted, list) else [wanted]
    message = (
        f"`{key}` has no place beside {found_text(error.instance)}, only beside {quoted(wanted)}"
    )
    return (*here[:-1], key), message, None, True


def _is_about_name(error: Error) -> bool:
    """Return whether a name that the author chose breaks its pattern."""
    return "propertyNames" in error.absolute_schema_path


def _extra_names(error: Error) -> list[str]:
    known = {*string_keys(error.schema.get("properties"))}
    return [name for name in string_keys(error.instance) if name not in known]


def _known_keys(name: str, known: Iterable[str]) -> str:
    help = meant_key(name, known) or did_you_mean(name, known)
    return help or f"known here: {quoted(known)}"


def _type(error: Error) -> str:
    special = error.schema.get("patternErrorMessage")
    if special:
        return f"found {found_text(error.instance)}, {special}"
    wanted = error.validator_value
    rows = [_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    types = tuple(type_ for _, type_ in rows)
    return found_instead_of(error.instance, types, " or ".join(name for name, _ in rows))


def _pattern(error: Error) -> str:
    return str(error.schema.get("patternErrorMessage", f"expected {error.validator_value}"))


def _missing_one(error: Error) -> str:
    return str(error.message).replace("'", "`").replace(" is a required property", " is missing")


def _exactly_one(error: Error) -> str:
    names = [branch["required"][0] for branch in error.validator_value]
    return f"expected exactly one of {quoted(names)}"


def _dependent(error: Error) -> str:
    for name, required in error.validator_value.items():
        missing = [key for key in required if key not in error.instance]
        if name in error.instance and missing:
            return f"`{name}` needs `{missing[0]}` beside it"
    return str(error.message)


def _items(data: list[Any]) -> str:
    return "1 item" if len(data) == 1 else f"{len(data)} items"


_MESSAGES: dict[str, Callable[[Error], str]] = {
    "type": _type,
    "const": lambda e: f"found {found_text(e.instance)}, expected `{e.validator_value}`",
    "enum": lambda e: (
        f"found {found_text(e.instance)}, expected one of "
        + quoted(str(value) for value in e.validator_value if value is not None)
    ),
    "pattern": lambda e: f"found {found_text(e.instance)}, {_pattern(e)}",
    "required": _missing_one,
    "dependentRequired": _dependent,
    "minProperties": lambda e: "found an empty map, expected at least one entry",
    "minItems": lambda e: f"found {_items(e.instance)}, expected {e.validator_value} or more",
    "maxItems": lambda e: f"found {_items(e.instance)}, expected {e.validator_value} at most",
    "minLength": lambda e: "found an empty string",
    "maxLength": lambda e: f"found {len(e.instance)} characters, at most {e.validator_value}",
    "minimum": lambda e: f"found {found_text(e.instance)}, expected at least {e.validator_value}",
    "maximum": lambda e: f"found {found_text(e.instance)}, expected at most {e.validator_value}",
    "oneOf": _exactly_one,
}
