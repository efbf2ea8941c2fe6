"""The OpenAPI document: all endpoints, their signed headers, and bodies as they are decoded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agents import message_signatures as ms
from tests.server.door import SMALL, door
from tests.server.scans import SCAN


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with door(tmp_path_factory.mktemp("api") / "data") as one:
        answer = one.ask([], b"", "/schema/openapi.json", "GET")
        assert answer.status == 200
        yield answer.content


def test_it_covers_every_endpoint(served: dict[str, Any]) -> None:
    assert served["openapi"].startswith("3.1")
    assert set(served["paths"]) == {"/api/v1/reports", "/api/v1/sightings", "/api/v1/enrol"}
    for item in served["paths"].values():
        responses = set(item["post"]["responses"])
        assert {"200", "400", "401", "403", "409", "413", "415", "422", "429", "503"} <= responses


@pytest.mark.parametrize(
    ("path", "profile"), [("/api/v1/reports", ms.REPORT), ("/api/v1/sightings", ms.SIGHTINGS)]
)
def test_every_header_that_must_be_sent_is_named(
    served: dict[str, Any], path: str, profile: ms.Profile
) -> None:
    parameters = served["paths"][path]["post"]["parameters"]
    required = {one["name"] for one in parameters if one["in"] == "header" and one["required"]}
    assert required == {*profile.fields, "signature-input", "signature"}


def test_what_must_be_signed_is_told(served: dict[str, Any]) -> None:
    for path, profile in (
        ("/api/v1/reports", ms.REPORT),
        ("/api/v1/sightings", ms.SIGHTINGS),
        ("/api/v1/enrol", ms.ENROL),
    ):
        text = served["paths"][path]["post"]["description"]
        assert " ".join(profile.components) in text
        assert profile.tag in text


def validator(served: dict[str, Any], path: str) -> Any:
    content = served["paths"][path]["post"]["requestBody"]["content"]
    schema = {**content["application/json"]["schema"], "components": served["components"]}
    return jsonschema.Draft202012Validator(schema)


def test_its_report_is_the_one_that_is_decoded(served: dict[str, Any]) -> None:
    check = validator(served, "/api/v1/reports")
    check.validate(SMALL)
    for wrong in (
        {**SMALL, "extra": 1},
        {**SMALL, "facts": {"os": {"family": "beos"}}},
        {**SMALL, "facts": {"os": {"famly": "linux"}}},
        {key: value for key, value in SMALL.items() if key != "agent"},
    ):
        assert not check.is_valid(wrong)


def test_its_scan_is_the_one_that_is_decoded(served: dict[str, Any]) -> None:
    check = validator(served, "/api/v1/sightings")
    check.validate(SCAN)
    wrongs: list[dict[str, Any]] = [
        {**SCAN, "extra": 1},
        {**SCAN, "sightings": [{"ip": "10.66.0.1", "kind": "toaster"}]},
        {"sightings": []},
    ]
    for wrong in wrongs:
        assert not check.is_valid(wrong)


def test_its_enrolment_is_the_one_that_is_decoded(served: dict[str, Any]) -> None:
    check = validator(served, "/api/v1/enrol")
    good = {"token": "t", "public_key": "k", "name": "n", "platform": "linux"}
    check.validate(good)
    assert not check.is_valid({**good, "platform": "beos"})
    assert not check.is_valid({**good, "more": 1})


def test_every_reference_leads_somewhere(served: dict[str, Any]) -> None:
    text = json.dumps(served)
    references = {piece.split('"')[0] for piece in text.split('"$ref": "')[1:]}
    assert len(references) >= 10
    known = {f"#/components/schemas/{name}" for name in served["components"]["schemas"]}
    assert references <= known


def test_no_page_loads_anything_from_elsewhere(tmp_path: Path) -> None:
    with door(tmp_path / "data") as one:
        for path in ("/schema", "/schema/swagger", "/schema/redoc", "/schema/elements"):
            answer = one.ask([], b"", path, "GET")
            assert answer.status == 404 or b"<script" not in answer.body
