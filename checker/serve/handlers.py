"""The handlers of the API's tasks, which return plain data, as the commands print it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.findings import Examined
from checker.analysis.check.validator import Validator
from checker.analysis.limits.joint import joint
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
from checker.serve.edit_setting import change_setting
from checker.serve.form import form
from checker.serve.request import KINDS, ApiError, ApiRequest
from checker.solver.box_search import Undecided

Z3_SECONDS = 20  # less than the time limit of the whole proof


def documents(request: ApiRequest) -> Any:
    """Return the names of the policies and overrides in the roots."""
    library = request.resolver.library
    return {kind: library.names(kind) for kind in KINDS}


def document(request: ApiRequest) -> Any:
    """Return the text of a document of the roots."""
    kind, name = request.body["kind"], request.body["name"]
    try:
        document = request.resolver.library.versions(kind, name)[0]
    except NotFound as error:
        raise ApiError(404, error.with_help) from None
    return {"kind": kind, "name": document.name, "text": document.text}


def decide(request: ApiRequest) -> Any:
    """Return the decision of one case, as `decide --format json` prints it."""
    request.documents()
    policy_text = request.texts.get("policy")
    policy = policy_text.name if policy_text else request.body.get("policy")
    override = request.texts.get("override") or request.body.get("override")
    case = request.body.get("case", 1)
    try:
        case_decider = open_case_decider(
            request.resolver, policy, override, on=request.on, today=request.today
        )
        decision = case_decider.decide(StatedCase(case, request.body["facts"]))
    except UsageError as error:
        raise ApiError(422, str(error)) from None
    except BadCase as error:
        return {"case": case, "error": str(error)}
    return decision.as_json(case)


def validate(request: ApiRequest) -> Any:
    """Return the findings in each document of the request, as `validate --format json` does."""
    examiner = Examiner(Validator(request.resolver, request.today, request.on), 0)
    reports = []
    for kind in KINDS:
        if kind in request.unread:
            examined = Examined(kind, request.unread[kind])
        elif document := request.document(kind):
            examined = examiner.validated(document)
        else:
            continue
        reports.append(json.loads(findings_json(examined)))
    if not reports:
        request.documents()  # refuses a request without documents
    return reports


def prove(request: ApiRequest) -> Any:
    """Return the proofs of each document of the request, as `prove --format json` prints them."""
    engines = Engines(timeout=Z3_SECONDS)
    return [
        proof
        for document in request.documents()
        for proof in proofs_json(
            document, request.resolver, on=request.on, today=request.today, engines=engines
        )
    ]


def limits_of(request: ApiRequest) -> Any:
    """Return the limits of the policy's settings, as `limits --format json` prints them."""
    resolved = request.resolved()
    try:
        required = RequirementFormulas(resolved)
        return limits_json(resolved.policy, limits(required), joint(required))
    except Undecided:
        name = resolved.policy.name
        raise ApiError(422, f"the limits of {name} can't be decided within the budget") from None


HANDLERS: dict[str, Callable[[ApiRequest], Any]] = {
    "documents": documents,
    "document": document,
    "decide": decide,
    "validate": validate,
    "prove": prove,
    "limits": limits_of,
    "form": form,
    "setting": change_setting,
}
