"""The data of a form: the facts that a case may state, and the settings of a seller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checker.evaluate.decision import required_terms
from checker.language.model.policy import Entitlement, Ground, Parameter
from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Fact
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.scalars import scalar_text
from checker.serve.request import ApiRequest


def form(request: ApiRequest) -> Any:
    """Return the facts, settings and titles of the documents.

    Titles are as documents state them: a string, a map of languages, or null.
    """
    resolved, override = request.resolved(), request.document("override")
    return {
        "policy": resolved.policy.name,
        "vocabulary": resolved.vocabulary.name,
        "facts": [_fact(fact, resolved) for fact in resolved.vocabulary.facts.values()],
        "settings": [
            _setting(parameter, override)
            for parameter in resolved.policy.parameters.values()
            if not parameter.fixed
        ],
        "entitlements": {
            id: _reason(entitlement)
            for policy in reversed(resolved.policies)
            for id, entitlement in policy.entitlements.items()
        },
        "grounds": {id: _reason(ground) for id, ground in resolved.policy.grounds.items()},
        "terms": {name: {"title": term.title} for name, term in required_terms(resolved).items()},
    }


def _reason(reason: Entitlement | Ground) -> dict[str, Any]:
    return {"title": reason.title, "source": [*reason.sources]}


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
        "decisive": fact.name in resolved.vocabulary.testable_facts(),
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
    """Return a type, its values with their titles, and its range."""
    values: Iterable[str] = map(scalar_text, type_.categories())
    range_ = [type_.show(end) for end in type_.range] if type_.range else None
    return {
        "type": type_.name,
        "values": [{"value": value, "title": titles.get(value)} for value in values],
        "range": range_,
    }


def _stated(parameter: Parameter, override: Document | None) -> Any:
    """Return the value that the override sets, None where there is none or it has errors."""
    settings = override.data.get("settings") if override else None
    if not isinstance(settings, dict) or parameter.name not in settings:
        return None
    try:
        return parameter.type.show(parameter.type.read(settings[parameter.name]))
    except ValueError:
        return None
