"""A platform with its sellers, made of data, and what is proved of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.override import Override
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import parse_document
from tests.proofs.marketplace import Data
from tests.worlds import DAY, library


@dataclass(slots=True)
class Platform:
    """The resolved policy that comes last in `documents`, and proofs of its overrides."""

    documents: Sequence[Data]
    resolved: ResolvedPolicy = field(init=False)
    required: RequirementFormulas = field(init=False)
    _resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        self._resolver = Resolver(library([*self.documents]))
        self.resolved = self._resolver.resolve(self.documents[-1]["id"], DAY)
        self.required = RequirementFormulas(self.resolved)

    def override(self, data: Data) -> Override:
        """Return the typed override; raise InvalidDocument where the document has errors."""
        document, problems = parse_document(json.dumps(data).encode(), f"{data['id']}.yaml")
        assert document, problems
        return self._resolver.override_of(document, self.resolved)

    def failures(self, data: Data) -> list[Counterexample]:
        """Return the counterexamples of the checks that the override fails."""
        return prove_override(self.required, self.override(data))
