"""What a form has to know: the facts a case may state, and the settings a seller may make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checker.evaluate.decider import required_terms
from checker.language.model.policy import Parameter
from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Fact
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.scalars import scalar_text
from checker.serve.request import Asked


def form(asked: Asked) -> Any:
    """Return the facts, the settings and the titles that go with the documents.

    Titles are as documents state them: a string, a map of languages, or null.
    """
    resolved, override = asked.resolved(), asked.document("override")
    return {
        "policy": resolved.policy.name,
        "vocabulary": resolved.vocabulary.name,
        "facts": [_fact(each, resolved) for each in resolved.vocabulary.facts.values()],
        "settings": [
            _setting(each, override)
            for each in resolved.policy.parameters.values()
            if not each.fixed
        ],
        "entitlements": {
            id: _reason(each)
            for policy in reversed(resolved.policies)
            for id, each in policy.entitlements.items()
        },
        "grounds": {id: _reason(each) for id, each in resolved.policy.grounds.items()},
        "terms": {name: {"title": each.title} for name, each in required_terms(resolved).items()},
    }


def _reason(each: Any) -> dict[str, Any]:
    return {"title": each.title, "source": [*each.sources]}


def _fact(fact: Fact, resolved: ResolvedPolicy) -> dict[str, Any]:
    derive = fact.derive
    return {
        "name": fact.name,
        **_typed(fact.type, fact.titles),
        "title": fact.title,
        "unit": fact.unit,
        "currency": fact.currency,
        "typical": None if fact.typical is None else fact.type.show(fact.typical),
        "derived": [derive.days_from, derive.to] if derive else [],
        "decisive": fact.name in resolved.vocabulary.decisive(),
    }


def _setting(parameter: Parameter, override: Document | None) -> dict[str, Any]:
    return {
        "name": parameter.name,
        **_typed(parameter.type, parameter.titles),
        "title": parameter.title,
        "unit": parameter.unit,
        "default": parameter.type.show(parameter.default),
        "value": _stated(parameter, override),
    }


def _typed(type_: ValueType, titles: Mapping[str, Any]) -> dict[str, Any]:
    """Return a type, its values with what people call them, and its range."""
    values: Iterable[str] = map(scalar_text, type_.unordered())
    shown = [type_.show(end) for end in type_.range] if type_.range else None
    return {
        "type": type_.name,
        "values": [{"value": each, "title": titles.get(each)} for each in values],
        "range": shown,
    }


def _stated(parameter: Parameter, override: Document | None) -> Any:
    """Return what the override sets, None where that is nothing, or no value."""
    settings = override.data.get("settings") if override else None
    if not isinstance(settings, dict) or parameter.name not in settings:
        return None
    try:
        return parameter.type.show(parameter.type.read(settings[parameter.name]))
    except ValueError:
        return None
