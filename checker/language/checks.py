"""The one table of checks: reports, editors, proofs and the handbook take what they say from it.

A check is a row here, the function that finds it, and the page `docs/checks/<id>.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "finding"]
Subject = Literal["document", "override", "policy", "proof", "settings", "return", "format"]
OWN_MESSAGE = "{}"  # the message of a check whose findings have a sentence each


@dataclass(frozen=True, slots=True)
class Check:
    """What a check finds, and what to do about it.

    `subject` is what it is about. `severity` is that of its findings: `finding` for those about
    records, which are counted and fail no document. `message` is their sentence, with a place for
    each name in it; `meaning` and `help` are those of the check. `warning_where` says when an error
    is a warning only. An `acceptable` finding can be accepted in the document.
    """

    subject: Subject
    severity: Severity
    message: str
    meaning: str
    help: str
    warning_where: str = ""
    acceptable: bool = False

    def severity_if(self, mild: bool) -> Severity:
        """Return the severity of a finding; a `mild` one is where `warning_where` says."""
        return "warning" if mild else self.severity


CHECKS = {
    # documents by themselves
    "unreadable": Check(
        "document",
        "error",
        OWN_MESSAGE,
        "The file can't be read as a document.",
        "Save it as UTF-8 YAML that the language takes, with a map at its top.",
    ),
    "invalid-document": Check(
        "document",
        "error",
        OWN_MESSAGE,
        "The document breaks a rule of the language: its schema, its references or its types.",
        "Change what stands at the position to what the message expects.",
        warning_where="it is so on some days of its period only, or what it says has no effect",
    ),
    "name-clash": Check(
        "document",
        "error",
        OWN_MESSAGE,
        "Two files have the same id and version, or two roots have the same id.",
        "Raise the version of one of them, or rename it.",
    ),
    "unknown-clause": Check(
        "document",
        "error",
        "`{}` has no clause `{}`",
        "A rule cites a clause that its source does not have.",
        "Cite a clause that the source lists, or add it there.",
    ),
    "uncited-clause": Check(
        "document",
        "error",
        "no rule cites the clause `{}`",
        "A clause of a source is `encoded`, and no rule cites it.",
        "Cite it where a rule carries it out, or give it another status.",
    ),
    "unfounded-rule": Check(
        "document",
        "warning",
        "`{}` rests on no source",
        "A rule of a policy rests on no source.",
        "Add its `source`, or say `basis: assumption`.",
    ),
    # overrides, for every possible case
    "rejects-required-return": Check(
        "override",
        "error",
        "refuses a return that `{}` requires it to accept",
        "The seller refuses a return that the policy, or a law it upholds, requires it to accept.",
        "Narrow the rule or widen the setting; `checker repair` prints the smallest change.",
    ),
    "rejects-without-ground": Check(
        "override",
        "error",
        "refuses a return without a ground of `{}` that holds",
        "The seller refuses a return, and no ground that it cites holds.",
        "Cite a ground that holds in every case the rule refuses, or narrow the rule.",
    ),
    "worse-term": Check(
        "override",
        "error",
        "offers a term that is worse for the buyer than `{}` requires",
        "A term is worse for the buyer at the seller than the policy or a law requires.",
        "Set the term no worse than required; `checker limits` prints the values that pass.",
    ),
    "defers-required-return": Check(
        "override",
        "warning",
        "leaves a return to a person that `{}` requires it to accept",
        "The seller leaves to a person a return that it must accept.",
        "Answer `accept` or `follow` there, or accept the finding and say why.",
        acceptable=True,
    ),
    "dead-rule": Check(
        "override",
        "warning",
        "never answers: no possible case reaches it and satisfies it",
        "No possible case reaches the rule and satisfies it.",
        "Remove the rule, or move it before the rules that answer its cases.",
        acceptable=True,
    ),
    # policies, for every possible case
    "undercuts": Check(
        "policy",
        "error",
        "gives the buyer less than `{}`",
        "The policy gives the buyer less than a policy or law that it upholds.",
        "Grant what is upheld, or accept the finding and say why.",
        warning_where="it leaves to a person what is owed by what it upholds",
        acceptable=True,
    ),
    "gap": Check(
        "policy",
        "warning",
        "no entitlement and no ground covers every case, and `otherwise` is not stated",
        "No entitlement and no ground covers some case, and `otherwise` is not stated.",
        "State `otherwise`, or add the rule that is missing.",
        acceptable=True,
    ),
    "dead-entitlement": Check(
        "policy",
        "warning",
        "is never owed, whatever sellers set",
        "The entitlement is owed in no possible case, whatever sellers set.",
        "Remove it, or mend its conditions.",
        acceptable=True,
    ),
    "dead-ground": Check(
        "policy",
        "warning",
        "never holds, whatever sellers set",
        "The ground holds in no possible case, whatever sellers set.",
        "Remove it, or mend its conditions.",
        acceptable=True,
    ),
    "dead-row": Check(
        "policy",
        "warning",
        "is never reached and true, whatever sellers set",
        "The row of a term is reached and true in no possible case, whatever sellers set.",
        "Remove it, or move it before the rows that decide its cases.",
        acceptable=True,
    ),
    "redundant-unless": Check(
        "policy",
        "warning",
        "changes nothing, whatever sellers set",
        "Leaving the ground out of `unless` changes no entitlement, whatever sellers set.",
        "Leave it out, or mend its conditions.",
        acceptable=True,
    ),
    "impossible-vocabulary": Check(
        "policy",
        "error",
        "the invariants exclude every case",
        "The invariants of the vocabulary exclude every case.",
        "Find the two invariants that contradict each other.",
    ),
    # beside the proofs
    "stale-acceptance": Check(
        "proof",
        "warning",
        "accepts a finding that there is not",
        "A document accepts a finding that there is not, or one that can't be accepted.",
        "Remove the entry of `accept`.",
        acceptable=True,
    ),
    "undecided": Check(
        "proof",
        "error",
        "can't be decided: {}",
        "No procedure came to an end within its budget: nothing is proved, and nothing refuted.",
        "Install the extra `z3`, raise `--timeout`, or write the conditions more plainly.",
    ),
    "dishonest-version": Check(
        "proof",
        "error",
        OWN_MESSAGE,
        "The version number of a policy rises too little for what changed in its meaning.",
        "Raise it to what the finding says at least.",
    ),
    "test": Check(
        "proof",
        "error",
        OWN_MESSAGE,
        "A case is decided otherwise than its document expects, or can't be decided.",
        "Correct the expectation, or the rule that decides the case.",
    ),
    # settings of sellers, in audits
    "invalid-settings": Check(
        "settings",
        "finding",
        OWN_MESSAGE,
        "A setting of the seller is not one that the policy allows, or its override has errors.",
        "Set a value that the policy allows, or mend the document; the finding says which.",
    ),
    # returns that were handled, in audits
    "rejected-required-return": Check(
        "return",
        "finding",
        OWN_MESSAGE,
        "The seller rejected a return that it had to accept.",
        "Accept the return; `because` and `clauses` in the findings say what it is owed by.",
    ),
    "rejected-without-ground": Check(
        "return",
        "finding",
        OWN_MESSAGE,
        "The seller rejected a return, and no ground that it cited holds.",
        "Look at the facts of the record and at `cites`: one of the two is wrong.",
    ),
    "rejected-without-reason": Check(
        "return",
        "finding",
        OWN_MESSAGE,
        "The seller rejected a return and cited no ground.",
        "State the ground in the record, or map the column that has it to `cites`.",
    ),
    "late": Check(
        "return",
        "finding",
        OWN_MESSAGE,
        "What a term gives the seller time for happened after its deadline.",
        "Compare `taken` with `limit` in the findings, and see where the time went.",
    ),
    "overdue": Check(
        "return",
        "finding",
        OWN_MESSAGE,
        "What a term gives the seller time for has not happened, and its deadline has passed.",
        "Do it now; the record is then late.",
    ),
    # documents of other formats
    "not-understood": Check(
        "format",
        "error",
        OWN_MESSAGE,
        "A statement of a document in another format can't be read, or not under the policy.",
        "Correct the statement at its source, or write the override by hand.",
        warning_where="the rest of the document can be used without it",
    ),
    "not-expressed": Check(
        "format",
        "error",
        OWN_MESSAGE,
        "The format that an override is exported to can't state a part of it.",
        "Publish that part elsewhere, in words, or leave it out of the override.",
        warning_where="what is exported holds without it, or under another name",
    ),
}

# what a seller must not fail in any case (language reference, checks of overrides)
OVERRIDE_ERRORS = tuple(
    id for id, row in CHECKS.items() if row.subject == "override" and row.severity == "error"
)
# what `prove` says of overrides and policies, and what `accept` may therefore name
PROVED = tuple(
    id
    for id, row in CHECKS.items()
    if row.subject in ("override", "policy") or id == "stale-acceptance"
)


def sentence(check: str, *names: str) -> str:
    """Return the sentence of a check, with the names that it is about."""
    return CHECKS[check].message.format(*names)
