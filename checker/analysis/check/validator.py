"""Documents validated: schemas, references, types, and the coverage of sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from checker.language.checks import sentence
from checker.language.model.policy import Policy
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.resolve.sources import citations, unfounded_rules
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import Finding, did_you_mean
from checker.language.syntax.references import references


@dataclass(slots=True)
class Validator:
    """Finds what is wrong with documents, as of `today` where they state no day."""

    resolver: Resolver
    today: int
    on: int | None = None
    _cited: frozenset[str] | None = None

    def problems(self, document: Document) -> list[Finding]:
        """Return every problem of the document, in the order of its lines."""
        whole, found = self.resolver.shape(document)
        problems = [*found]
        if whole is not None:
            report = Reporter(whole)
            if self._references(whole, report):
                problems += self._of_kind(document, whole, report)
            self._citations(whole, report)
            problems += report.problems
        return sorted({*problems}, key=lambda each: (each.position, each.message))

    def _of_kind(self, document: Document, whole: Document, report: Reporter) -> list[Finding]:
        """Return the problems beyond those of shape; a columns file has none without its table."""
        find = _KINDS.get(document.kind)
        return find(self, document, whole, report) if find else []

    def _references(self, document: Document, report: Reporter) -> bool:
        """Report references that name nothing; return whether all name something."""
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

    def _source(self, document: Document, whole: Document, report: Reporter) -> list[Finding]:
        for id, clause in whole.data["clauses"].items():
            cited = f"{document.id}#{id}"
            if clause["status"] == "encoded" and cited not in self.cited():
                help = "cite it, or give it another status"
                text = sentence("uncited-clause", id)
                report.note("uncited-clause", ("clauses", id), text, help, key=True)
        return self.resolver.source(document)[1]

    def _policy(self, document: Document, whole: Document, report: Reporter) -> list[Finding]:
        for path in unfounded_rules(whole):
            if _founded_badly(document, path):
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
        _report_missing(missing, days, report)
        return problems

    def _typed_policy(self, document: Document, day: int) -> list[Finding]:
        """Return the problems of the policy alone, typed against the vocabulary of the day."""
        named = self.resolver.library.find("vocabulary", document.data["vocabulary"], day)
        vocabulary = self.resolver.valid_model(named, self.resolver.vocabulary(named))
        return self.resolver.policy(document, vocabulary)[1]

    def _override(self, document: Document, _: Document, report: Reporter) -> list[Finding]:
        return self._against_policy(document, report, self.resolver.override)

    def _exchange(self, document: Document, _: Document, report: Reporter) -> list[Finding]:
        return self._against_policy(document, report, self.resolver.exchange)

    def _against_policy(
        self,
        document: Document,
        report: Reporter,
        read: Callable[[Document, Policy], tuple[object, list[Finding]]],
    ) -> list[Finding]:
        """Return what is wrong with what is read against a policy, on all days that matter."""
        problems: list[Finding] = []
        missing: dict[str, list[int]] = {}
        days = self._days(document, keys=("policy", "vocabulary"))
        for day in days:
            try:
                named = self.resolver.library.find("policy", document.data["policy"], day)
                policy = self.resolver.policy_of(named, day)
                problems += read(document, policy)[1]
            except NotFound as error:
                missing.setdefault(str(error), []).append(day)
            except InvalidDocument as error:
                report.error(_path_to(error.name, document), str(error))
        _report_missing(missing, days, report)
        return problems

    def _cases(self, document: Document, whole: Document, report: Reporter) -> list[Finding]:
        """Report the cases that can't be decided; what keeps all from it, once."""
        from checker.evaluate.case_decider import CannotDecide, Unresolved, open_case_decider
        from checker.language.resolve.case_files import cases_of_document
        from checker.language.resolve.facts import BadCase

        data, report.document = whole.data, document
        if "policy" not in data and "override" not in data:
            return []  # they are named on the command line
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
                    report.error((*path, "facts"), str(error))
        return []

    def _days(self, document: Document, keys: tuple[str, ...] | None = None) -> list[int]:
        """Return the days on which the document is looked at: `--on`, or all that matter."""
        if self.on is not None:
            return [self.on]
        return self.resolver.days(document, self.today, keys)

    def _citations(self, document: Document, report: Reporter) -> None:
        """Report every `source:` entry that names no clause."""
        for path, text in citations(document):
            id, _, clause = text.partition("#")
            try:
                sources = self.resolver.library.versions("source", id)
            except NotFound as error:
                report.error(path, error.message, error.help)
                continue
            clauses = [name for each in sources for name in _clauses(each)]
            if clause not in clauses:
                hint = did_you_mean(clause, clauses)
                check = "unknown-clause"
                report.note(check, path, sentence(check, id, clause), hint)

    def cited(self) -> frozenset[str]:
        """Return every clause that some document of the library cites."""
        if self._cited is None:
            shapes = (self.resolver.shape(each)[0] for each in self.resolver.library.documents)
            self._cited = frozenset(text for each in shapes if each for _, text in citations(each))
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


def _founded_badly(document: Document, path: Path) -> bool:
    """Return whether `path` has a source or basis, though one that does not follow the schema."""
    entry: Any = document.data
    for step in path:
        entry = entry[step]
    return isinstance(entry, dict) and ("source" in entry or "basis" in entry)


def _clauses(source: Document) -> list[str]:
    clauses = source.data.get("clauses")
    return [*clauses] if isinstance(clauses, dict) else []


def _path_to(name: str, document: Document) -> Path:
    """Return where the document refers to what `name` names, as near as can be said."""
    id = name.partition("@")[0]
    for path, _, reference in references(document):
        if reference.partition("@")[0] == id:
            return path
    return next((path for path, _, _ in references(document)), ())


def _report_missing(missing: dict[str, list[int]], days: list[int], report: Reporter) -> None:
    """Report references that pick nothing: an error where they do on every day."""
    path = next((path for path, _, _ in references(report.document)), ())
    for message, when in missing.items():
        note = report.error if len(when) == len(days) else report.warning
        note(path, message)
    if len(missing) > 1 and sum(map(len, missing.values())) == len(days):
        first = date.fromordinal(days[0]).isoformat()
        report.error(path, f"from {first} on there is no day on which all it refers to is in force")
