"""What is answered to each question of the API: plain data, as the commands print it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.findings import Examined
from checker.analysis.check.validator import Validator
from checker.analysis.limits.per_setting import limits
from checker.analysis.prove.engine import Engines
from checker.analysis.prove.prove_document import proofs_json
from checker.analysis.prove.requirements import RequirementFormulas
from checker.evaluate.case_decider import open_case_decider
from checker.language.resolve.case_files import StatedCase
from checker.language.resolve.facts import BadCase
from checker.language.resolve.library import NotFound
from checker.language.syntax.problems import UsageError
from checker.report.findings import findings_json
from checker.report.limits import limits_json
from checker.serve.edit_setting import with_setting
from checker.serve.form import form
from checker.serve.request import KINDS, Asked, Refused
from checker.solver.box_search import Undecided

Z3_SECONDS = 20  # less than a proof may take as a whole


def documents(asked: Asked) -> Any:
    """Return the policies and overrides that can be named."""
    library = asked.resolver.library
    return {kind: library.names(kind) for kind in KINDS}


def document(asked: Asked) -> Any:
    """Return the text of a document of the roots."""
    kind, name = asked.body["kind"], asked.body["name"]
    try:
        found = asked.resolver.library.versions(kind, name)[0]
    except NotFound as error:
        raise Refused(404, error.with_help) from None
    return {"kind": kind, "name": found.name, "text": found.text}


def decide(asked: Asked) -> Any:
    """Return the decision of one case, as `decide --format json` prints it."""
    asked.documents()
    stated = asked.body.get("policy")
    own = asked.texts.get("policy")
    policy = own.name if own else stated
    override = asked.texts.get("override") or asked.body.get("override")
    case = asked.body.get("case", 1)
    try:
        case_decider = open_case_decider(
            asked.resolver, policy, override, on=asked.on, today=asked.today
        )
        decision = case_decider.decide(StatedCase(case, asked.body["facts"]))
    except UsageError as error:
        raise Refused(422, str(error)) from None
    except BadCase as error:
        return {"case": case, "error": str(error)}
    return decision.as_json(case)


def validate(asked: Asked) -> Any:
    """Return what is wrong with each document that is named, as `validate --format json` does."""
    examiner = Examiner(Validator(asked.resolver, asked.today, asked.on), 0)
    found = []
    for kind in KINDS:
        if kind in asked.unread:
            done = Examined(kind, asked.unread[kind])
        elif one := asked.document(kind):
            done = examiner.validated(one)
        else:
            continue
        found.append(json.loads(findings_json(done)))
    if not found:
        asked.documents()
    return found


def prove(asked: Asked) -> Any:
    """Return the proofs of each document that is named, as `prove --format json` prints them."""
    engines = Engines(timeout=Z3_SECONDS)
    return [
        proof
        for each in asked.documents()
        for proof in proofs_json(
            each, asked.resolver, on=asked.on, today=asked.today, engines=engines
        )
    ]


def limits_of(asked: Asked) -> Any:
    """Return the limits of the policy's settings, as `limits --format json` prints them."""
    resolved = asked.resolved()
    try:
        required = RequirementFormulas(resolved)
        return limits_json(required, limits(required))
    except Undecided:
        name = resolved.policy.name
        raise Refused(422, f"the limits of {name} can't be decided within the budget") from None


ANSWERS: dict[str, Callable[[Asked], Any]] = {
    "documents": documents,
    "document": document,
    "decide": decide,
    "validate": validate,
    "prove": prove,
    "limits": limits_of,
    "form": form,
    "setting": with_setting,
}
