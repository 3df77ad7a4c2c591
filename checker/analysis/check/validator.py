"""Validates documents: schemas, references, types, and the coverage of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checker.language.checks import sentence
from checker.language.model.policy import Policy
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.facts import BadCase
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.resolve.sources import citations, unfounded_rules
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import Finding, did_you_mean
from checker.language.syntax.references import references


@dataclass(slots=True)
class Validator:
    """Finds the problems of documents.

    `on` is the one day (an ordinal) to validate for; without it, every day counts on which another
    combination of versions comes into force, from `today` on where documents state no day.
    """

    resolver: Resolver
    today: int
    on: int | None = None
    _cited: frozenset[str] | None = None

    def problems(self, document: Document) -> list[Finding]:
        """Return every problem of the document, in the order of its lines."""
        well_formed, shape_problems = self.resolver.shape(document)
        problems = [*shape_problems]
        if well_formed is not None and not _lacks_section(shape_problems):
            report = Reporter(well_formed)
            if self._references(well_formed, report):
                problems += self._of_kind(document, well_formed, report)
            self._citations(well_formed, report)
            problems += report.problems
        return sorted({*problems}, key=lambda problem: (problem.position, problem.message))

    def _of_kind(
        self, document: Document, well_formed: Document, report: Reporter
    ) -> list[Finding]:
        """Return the problems beyond those of shape; a columns file has none without its table."""
        validate = _KINDS.get(document.kind)
        return validate(self, document, well_formed, report) if validate else []

    def _references(self, document: Document, report: Reporter) -> bool:
        """Report references to missing documents; return whether there is none."""
        before = len(report.problems)
        for path, kind, reference in references(document):
            try:
                self.resolver.library.versions(kind, reference)
            except NotFound as error:
                report.error(path, error.message, error.help)
        return len(report.problems) == before

    def _vocabulary(self, document: Document, _: Document, __: Reporter) -> list[Finding]:
        return self.resolver.vocabulary(document)[1]

    def _calendar(self, document: Document, _: Document, __: Reporter) -> list[Finding]:
        return self.resolver.calendar(document)[1]

    def _source(self, document: Document, well_formed: Document, report: Reporter) -> list[Finding]:
        for id, clause in well_formed.data["clauses"].items():
            cited = f"{document.id}#{id}"
            if clause["status"] == "encoded" and cited not in self.cited():
                help = "cite it, or give it another status"
                text = sentence("uncited-clause", id)
                report.note("uncited-clause", ("clauses", id), text, help, key=True)
        return self.resolver.source(document)[1]

    def _policy(self, document: Document, well_formed: Document, report: Reporter) -> list[Finding]:
        for path in unfounded_rules(well_formed):
            if _states_foundation(document, path):
                continue
            help = "add `source:`, or `basis: assumption`"
            text = sentence("unfounded-rule", str(path[-1]))
            report.note("unfounded-rule", path, text, help, key=True)
        problems: list[Finding] = []
        missing: dict[str, list[int]] = {}
        days = self._days(document)
        for day in days:
            try:
                problems += self._typed_policy(document, day)
                self.resolver.resolve_document(document, day)
            except NotFound as error:
                missing.setdefault(str(error), []).append(day)
            except InvalidDocument as error:
                if error.name != document.name:
                    report.error(_path_to(error.name, document), str(error))
                else:
                    problems += error.problems
        _report_missing(missing, days, document, report)
        return problems

    def _typed_policy(self, document: Document, day: int) -> list[Finding]:
        """Return the problems of the policy alone, typed against the vocabulary of the day."""
        resolver = self.resolver
        source = resolver.library.find("vocabulary", document.data["vocabulary"], day)
        vocabulary = resolver.valid_model(source, resolver.vocabulary(source))
        return resolver.policy(document, vocabulary)[1]

    def _override(self, document: Document, _: Document, report: Reporter) -> list[Finding]:
        return self._against_policy(document, report, self.resolver.override)

    def _exchange(self, document: Document, _: Document, report: Reporter) -> list[Finding]:
        return self._against_policy(document, report, self.resolver.exchange)

    def _against_policy(
        self,
        document: Document,
        report: Reporter,
        validate: Callable[[Document, Policy], tuple[object, list[Finding]]],
    ) -> list[Finding]:
        """Return the problems of a document that refers to a policy, on all days to validate."""
        problems: list[Finding] = []
        missing: dict[str, list[int]] = {}
        days = self._days(document, keys=("policy", "vocabulary"))
        for day in days:
            try:
                policy_document = self.resolver.library.find("policy", document.data["policy"], day)
                policy = self.resolver.policy_of(policy_document, day)
                problems += validate(document, policy)[1]
            except NotFound as error:
                missing.setdefault(str(error), []).append(day)
            except InvalidDocument as error:
                report.error(_path_to(error.name, document), str(error))
        _report_missing(missing, days, document, report)
        return problems

    def _cases(self, document: Document, well_formed: Document, report: Reporter) -> list[Finding]:
        """Report the cases that can't be decided; a problem that all share is reported once."""
        from checker.evaluate.case_decider import CannotDecide, Unresolved, open_case_decider
        from checker.language.resolve.case_files import cases_of_document

        data, report.document = well_formed.data, document
        if "policy" not in data and "override" not in data:
            return []  # the command line names them
        policy, override = data.get("policy"), data.get("override")
        resolver = self.resolver
        try:
            case_decider = open_case_decider(
                resolver, policy, override, on=self.on, today=self.today
            )
        except CannotDecide as error:
            report.error((error.key,), str(error))
            return []
        seen: set[str | int] = set()
        for case in cases_of_document(document, resolver.shape(document)[1]):
            path = ("cases", case.index)
            if case.name in seen:
                report.error((*path, "id"), f"the case `{case.name}` stands twice")
            seen.add(case.name)
            try:
                case_decider.decide(case)
            except Unresolved as error:
                report.error(("policy",), str(error))
            except BadCase as error:
                if not case.error:
                    _report_bad_case(error, (*path, "facts"), case.facts, report)
        return []

    def _days(self, document: Document, keys: tuple[str, ...] | None = None) -> list[int]:
        """Return the days to validate for: `on`, or each on which the versions change."""
        if self.on is not None:
            return [self.on]
        return days_in_period(self.resolver.library, document, self.today, keys)

    def _citations(self, document: Document, report: Reporter) -> None:
        """Report every `source:` entry that names no clause."""
        for path, text in citations(document):
            id, _, clause = text.partition("#")
            try:
                sources = self.resolver.library.versions("source", id)
            except NotFound as error:
                report.error(path, error.message, error.help)
                continue
            clauses = [name for source in sources for name in _clauses(source)]
            if clause not in clauses:
                hint = did_you_mean(clause, clauses)
                check = "unknown-clause"
                report.note(check, path, sentence(check, id, clause), hint)

    def cited(self) -> frozenset[str]:
        """Return the clauses, as `source#clause`, that the documents of the library cite."""
        if self._cited is None:
            documents = self.resolver.library.documents
            shapes = (self.resolver.shape(document)[0] for document in documents)
            self._cited = frozenset(
                text for shape in shapes if shape for _, text in citations(shape)
            )
        return self._cited


_KINDS = {
    "vocabulary": Validator._vocabulary,
    "calendar": Validator._calendar,
    "source": Validator._source,
    "policy": Validator._policy,
    "override": Validator._override,
    "cases": Validator._cases,
    "exchange": Validator._exchange,
}


def _lacks_section(problems: Iterable[Finding]) -> bool:
    """Return whether a key at the top of a document is misspelt: what it holds is not known then.

    What is only missing for that reason would be reported once more.
    """
    return any(
        "." not in problem.at and problem.message.startswith("unknown key `")
        for problem in problems
        if problem.help and problem.help.startswith("did you mean")
    )


def _states_period(document: Document) -> bool:
    """Return whether the document's period is none, or one of days of the calendar.

    Of any other the days are not those that the author meant.
    """
    period = document.data.get("effective", {})
    try:
        return all(
            day is None or date.fromisoformat(day) for day in (period["from"], period.get("until"))
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return "effective" not in document.data


def _report_bad_case(
    error: BadCase, path: Path, stated: Mapping[str, Any], report: Reporter
) -> None:
    """Report what is wrong with the facts of a case, each at that fact where it is stated."""
    if not error.by_fact:
        report.error(path, str(error))
    for name, message in error.by_fact.items():
        unknown = message.startswith("unknown")
        report.error((*path, name) if name in stated else path, message, key=unknown)


def _states_foundation(document: Document, path: Path) -> bool:
    """Return whether the entry at `path` states a source or basis, if only an invalid one."""
    entry: Any = document.data
    for step in path:
        entry = entry[step]
    return isinstance(entry, dict) and ("source" in entry or "basis" in entry)


def _clauses(source: Document) -> list[str]:
    clauses = source.data.get("clauses")
    return [*clauses] if isinstance(clauses, dict) else []


def _path_to(name: str, document: Document) -> Path:
    """Return the path of the reference to the document `name`, or of the first reference."""
    id = name.partition("@")[0]
    for path, _, reference in references(document):
        if reference.partition("@")[0] == id:
            return path
    return next((path for path, _, _ in references(document)), ())


def _report_missing(
    missing: dict[str, list[int]], days: list[int], document: Document, report: Reporter
) -> None:
    """Report references that no version answers: an error if so on every day, else a warning."""
    if not _states_period(document):
        return
    path = next((path for path, _, _ in references(report.document)), ())
    for message, missing_days in missing.items():
        report_message = report.error if len(missing_days) == len(days) else report.warning
        report_message(path, message)
    if len(missing) > 1 and sum(map(len, missing.values())) == len(days):
        first = date.fromordinal(days[0]).isoformat()
        report.error(path, f"from {first} on there is no day on which all it refers to is in force")
