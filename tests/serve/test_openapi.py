"""The API is as its description says, whatever it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.language.model.schema import schema_text
from checker.serve.app import QUICK, SLOW
from checker.serve.handlers import HANDLERS
from checker.serve.openapi import description
from tests.serve.server import POLICY, Server

BESIDE = Path(sys.executable).parent


@pytest.mark.slow
def test_every_answer_is_one_that_is_described(server: Server, tmp_path: Path) -> None:
    # a request that follows the schema may still name a document that is not there
    unchecked = ("--exclude-checks", "positive_data_acceptance")
    address = f"{server.url}api/openapi.json"
    command = [BESIDE / "schemathesis", "run", address, *unchecked, "-n", "10", "--seed", "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: 8" in done.stdout
    assert server.process.poll() is None


def test_the_description_is_that_of_the_program(server: Server) -> None:
    described = server.ask("api/openapi.json").data
    assert described == description()
    tasks = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    assert tasks == {*HANDLERS} == {*QUICK, *SLOW}


@pytest.mark.parametrize("name", ["decision", "findings", "proof"])
def test_reports_are_described_by_their_own_schemas(name: str) -> None:
    schemas = description()["components"]["schemas"]
    report = json.loads(schema_text(name))
    assert {"$ref": f"#/components/schemas/{name}"} in _all(description()["paths"])
    inside = json.loads(
        json.dumps(report).replace("common.schema.json#/$defs/", "#/components/schemas/")
    )
    assert schemas[name].items() <= inside.items()
    assert {*inside} - {*schemas[name]} == {"$schema", "$id"}


def test_every_reference_leads_somewhere() -> None:
    schemas = description()["components"]["schemas"]
    for each in schemas.values():
        Draft202012Validator.check_schema(each)
    for each in _all(description()):
        if "$ref" in each:
            found: Any = description()
            for step in each["$ref"].removeprefix("#/").split("/"):
                found = found[step]


def test_the_examples_are_answered(server: Server) -> None:
    for path, operations in description()["paths"].items():
        if "post" in operations:
            body = operations["post"]["requestBody"]["content"]["application/json"]["example"]
            assert server.ask(path.removeprefix("/"), body).status == 200
    assert server.ask(f"api/document?kind=policy&name={POLICY}").status == 200


def _all(data: Any) -> list[dict[str, Any]]:
    """Return every object inside of the data."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    inside = [each for part in parts for each in _all(part)]
    return [data, *inside] if isinstance(data, dict) else inside
