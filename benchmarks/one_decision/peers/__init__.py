"""The other rule engines: each answers the questions as it would be used for them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from benchmarks.one_decision.questions import Answer, Questions

Decide = Callable[[dict[str, Any]], Answer]


class Peer(NamedTuple):
    """A rule engine: the distribution, the package it installs, and the module here."""

    distribution: str
    package: str
    module: str

    def installed(self) -> bool:
        """Return whether the engine can be imported."""
        return find_spec(self.package) is not None

    def prepare(self, questions: Questions) -> Decide:
        """Return the function from facts to the answer, with all rules compiled."""
        module = import_module(f"{__name__}.{self.module}")
        decide: Decide = module.prepare(questions)
        return decide


PEERS = (
    Peer("datalogic-py", "datalogic_py", "with_datalogic"),
    Peer("zen-engine", "zen", "with_zen"),
    Peer("cedarpy", "cedarpy", "with_cedar"),
    Peer("celine-regorus", "regorus", "with_regorus"),
    Peer("common-expression-language", "cel", "with_cel"),
    Peer("json-logic", "json_logic", "with_json_logic"),
    Peer("rule-engine", "rule_engine", "with_rule_engine"),
)
