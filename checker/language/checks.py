"""What each check means: the one table that reports, editors and the handbook take it from."""

from __future__ import annotations

from typing import NamedTuple


class Check(NamedTuple):
    """A check in two sentences: what it finds, and what to do about it."""

    meaning: str
    help: str


CHECKS = {
    # documents by themselves
    "unreadable": Check(
        "The file can't be read as a document.",
        "Save it as UTF-8 YAML that the language takes, with a map at its top.",
    ),
    "invalid-document": Check(
        "The document breaks a rule of the language: its schema, its references or its types.",
        "Change what stands at the position to what the message expects.",
    ),
    "name-clash": Check(
        "Two files have the same id and version, or two roots have the same id.",
        "Raise the version of one of them, or rename it.",
    ),
    "unknown-clause": Check(
        "A rule cites a clause that its source does not have.",
        "Cite a clause that the source lists, or add it there.",
    ),
    "uncited-clause": Check(
        "A clause of a source is `encoded`, and no rule cites it.",
        "Cite it where a rule carries it out, or give it another status.",
    ),
    "unfounded-rule": Check(
        "A rule of a policy rests on no source.",
        "Add its `source`, or say `basis: assumption`.",
    ),
    # overrides, for every possible case
    "rejects-required-return": Check(
        "The seller refuses a return that the policy, or a law it upholds, requires it to accept.",
        "Narrow the rule or widen the setting; `checker repair` prints the smallest change.",
    ),
    "rejects-without-ground": Check(
        "The seller refuses a return, and no ground that it cites holds.",
        "Cite a ground that holds in every case the rule refuses, or narrow the rule.",
    ),
    "worse-term": Check(
        "A term is worse for the buyer at the seller than the policy or a law requires.",
        "Set the term no worse than required; `checker limits` prints the values that pass.",
    ),
    "defers-required-return": Check(
        "The seller leaves to a person a return that it must accept.",
        "Answer `accept` or `follow` there, or accept the finding and say why.",
    ),
    "dead-rule": Check(
        "No possible case reaches the rule and satisfies it.",
        "Remove the rule, or move it before the rules that answer its cases.",
    ),
    # policies, for every possible case
    "undercuts": Check(
        "The policy gives the buyer less than a policy or law that it upholds.",
        "Grant what is upheld, or accept the finding and say why.",
    ),
    "gap": Check(
        "No entitlement and no ground covers some case, and `otherwise` is not stated.",
        "State `otherwise`, or add the rule that is missing.",
    ),
    "dead-entitlement": Check(
        "The entitlement is owed in no possible case, whatever sellers set.",
        "Remove it, or mend its conditions.",
    ),
    "dead-ground": Check(
        "The ground holds in no possible case, whatever sellers set.",
        "Remove it, or mend its conditions.",
    ),
    "dead-row": Check(
        "The row of a term is reached and true in no possible case, whatever sellers set.",
        "Remove it, or move it before the rows that decide its cases.",
    ),
    "redundant-unless": Check(
        "Leaving the ground out of `unless` changes no entitlement, whatever sellers set.",
        "Leave it out, or mend its conditions.",
    ),
    "impossible-vocabulary": Check(
        "The invariants of the vocabulary exclude every case.",
        "Find the two invariants that contradict each other.",
    ),
    # beside the proofs
    "stale-acceptance": Check(
        "A document accepts a finding that there is not, or one that can't be accepted.",
        "Remove the entry of `accept`.",
    ),
    "undecided": Check(
        "No procedure came to an end within its budget: nothing is proved, and nothing refuted.",
        "Install the extra `z3`, raise `--timeout`, or write the conditions more plainly.",
    ),
    "dishonest-version": Check(
        "The version number of a policy rises too little for what changed in its meaning.",
        "Raise it to what the finding says at least.",
    ),
    "test": Check(
        "A case is decided otherwise than its document expects, or can't be decided.",
        "Correct the expectation, or the rule that decides the case.",
    ),
    # returns that were handled, in audits
    "rejected-required-return": Check(
        "The seller rejected a return that it had to accept.",
        "Accept the return; `because` and `clauses` in the findings say what it is owed by.",
    ),
    "rejected-without-ground": Check(
        "The seller rejected a return, and no ground that it cited holds.",
        "Look at the facts of the record and at `cites`: one of the two is wrong.",
    ),
    "rejected-without-reason": Check(
        "The seller rejected a return and cited no ground.",
        "State the ground in the record, or map the column that has it to `cites`.",
    ),
    "late": Check(
        "What a term gives the seller time for happened after its deadline.",
        "Compare `taken` with `limit` in the findings, and see where the time went.",
    ),
    "overdue": Check(
        "What a term gives the seller time for has not happened, and its deadline has passed.",
        "Do it now; the record is then late.",
    ),
    # documents of other formats
    "not-understood": Check(
        "A statement of a document in another format can't be read, or not under the policy.",
        "Correct the statement at its source, or write the override by hand.",
    ),
    "not-expressed": Check(
        "The format that an override is exported to can't state a part of it.",
        "Publish that part elsewhere, in words, or leave it out of the override.",
    ),
}
