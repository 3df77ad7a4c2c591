"""`pytest` in a folder of policies: each document is collected, without configuration.

Every document has an item `valid`. A `cases` document has an item for each case; an override has
the item `never-refuses-what-must-be-accepted`, a property that Hypothesis tests with drawn cases
(`--checker-examples N`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker.language.syntax.printable import printable, terminal_line

if TYPE_CHECKING:
    from checker.analysis.check.examiner import Examiner
    from checker.analysis.check.findings import Examined
    from checker.language.syntax.documents import Document

_KIND_LINE = re.compile(
    rb"^kind:[ \t]+[\"']?(vocabulary|calendar|policy|override|cases|source|exchange)"
    rb"[\"']?[ \t]*(#.*)?\r?$",
    re.MULTILINE,
)
_FIRST_BYTES = 4096
_EXAMINER = pytest.StashKey["dict[Path, Examiner]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's option."""
    group = parser.getgroup("checker", "return policies")
    group.addoption(
        "--checker-examples",
        type=int,
        default=1000,
        help="How many cases are drawn for each override.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a YAML file whose `kind` is that of a document."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    with file_path.open("rb") as file:
        if not _KIND_LINE.search(file.read(_FIRST_BYTES)):
            return None
    return PolicyFile.from_parent(parent, path=file_path)


class PolicyFile(pytest.File):
    """One document."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the document's items."""
        examiner = _examiner(self)
        document = examiner.validator.resolver.library.add_file(_displayed(self.path))
        yield ValidItem.from_parent(self, name="valid", examiner=examiner, document=document)
        if document is None:
            return
        if document.kind == "override":
            name = "never-refuses-what-must-be-accepted"
            yield OverrideItem.from_parent(self, name=name, examiner=examiner, document=document)
        elif document.kind == "cases":
            sound_document, _ = examiner.validator.resolver.shape(document)
            for index, entry in enumerate(sound_document.data["cases"] if sound_document else ()):
                name = printable(str(entry.get("id", index + 1)))
                yield CaseItem.from_parent(
                    self, name=name, examiner=examiner, document=document, index=index
                )


class _Item(pytest.Item):
    def __init__(
        self, *, examiner: Examiner, document: Document | None, index: int = 0, **more: Any
    ) -> None:
        super().__init__(**more)
        self.examiner, self.document, self.index = examiner, document, index

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{printable(self.path.name)}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, _Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def fail_on(self, examined: Examined) -> None:
        """Fail if there are errors."""
        from checker.report.findings import finding_text

        if examined.errors:
            texts = (finding_text(finding, colours=False) for finding in examined.findings)
            raise _Failed(_shown(line for lines in texts for line in lines))


class ValidItem(_Item):
    """The document's schema, references and types."""

    def runtest(self) -> None:
        """Validate the document."""
        library = self.examiner.validator.resolver.library
        path = str(_displayed(self.path))
        problems = [problem for problem in library.problems if problem.position.file == path]
        if problems:
            raise _Failed(_shown(map(str, problems)))
        if self.document:
            self.fail_on(self.examiner.validated(self.document))


class OverrideItem(_Item):
    """The property that an override never refuses what must be accepted, over drawn cases."""

    def runtest(self) -> None:
        """Look for cases in which the override fails."""
        if self.document:
            self.fail_on(self.examiner.tested(self.document))


class CaseItem(_Item):
    """One case with its expectations."""

    def runtest(self) -> None:
        """Compare the decision with the expectations."""
        if self.document:
            self.fail_on(self.examiner.tested(self.document, only=self.index))


class _Failed(Exception):
    """A failed item, with the findings as text."""


def _shown(lines: Iterable[str]) -> str:
    return "\n".join(map(terminal_line, lines))


def _displayed(path: Path) -> Path:
    from checker.language.resolve.project import relative_path

    return relative_path(path)


def _examiner(collector: PolicyFile) -> Examiner:
    """Return the examiner of the file's nearest `policy` folder, one for each such folder."""
    from checker.analysis.check.examiner import Examiner
    from checker.analysis.check.validator import Validator
    from checker.language.resolve.folders import nearest_policy_folder
    from checker.language.resolve.project import open_library, today
    from checker.language.resolve.resolver import Resolver

    examiners = collector.config.stash.setdefault(_EXAMINER, {})
    root = nearest_policy_folder(collector.path.parent) or collector.config.rootpath
    if root not in examiners:
        library, _ = open_library([_displayed(root)])
        examples = collector.config.getoption("--checker-examples")
        validator = Validator(Resolver(library), today())
        examiners[root] = Examiner(validator, examples, by_hypothesis=True)
    return examiners[root]
