"""cedarpy: one policy set, a policy for each question; the reasons name those that are true."""

from __future__ import annotations

from typing import Any

from cedarpy import Entities, PolicySet, is_authorized

from benchmarks.one_decision.expressions import Text
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions

CEDAR = Text(named="context.{}", member="{values}.contains({fact})")

POLICY = '@id("{name}")\npermit (principal, action, resource)\nwhen {{ {condition} }};'
REQUEST = {
    "principal": {"type": "Buyer", "id": "buyer"},
    "action": {"type": "Action", "id": "return"},
    "resource": {"type": "Order", "id": "order"},
}


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    names = [each.name for each in questions.all]
    policies = PolicySet.from_str(
        "\n".join(
            POLICY.format(name=each.name, condition=CEDAR.write(each.condition))
            for each in questions.all
        )
    )
    entities = Entities.from_json_str("[]")

    def decide(facts: dict[str, Any]) -> Answer:
        result = is_authorized({**REQUEST, "context": facts}, policies, entities)
        true = {*result.diagnostics.id_annotations_by_reason.values()}
        return questions.answer([name in true for name in names])

    return decide
