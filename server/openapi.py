"""The OpenAPI document: the endpoints, and the schema of a report as the catalogue makes it."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from agents.message_signatures import ENROL, LABEL, REPORT, SIGHTINGS, Profile
from inventory import sighting_types
from inventory.document import report_type
from server.admission import Wish

TITLE = "Rà Soát collector"
VERSION = "1"  #: of the protocol, as in /api/v1
_REFERENCE = "#/components/schemas/{name}"
_SIGNATURE = ("signature-input", "signature")


class Document(JsonRenderPlugin):
    """Adds what the framework cannot know: bodies that it never decodes, and signed headers."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        del request
        return msgspec.json.encode(completed(openapi_schema))


def config() -> OpenAPIConfig:
    """Served at /schema/openapi.json; no pages that would load scripts from elsewhere."""
    return OpenAPIConfig(title=TITLE, version=VERSION, path="/schema", render_plugins=[Document()])


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The framework's document with the bodies and headers of all endpoints."""
    schemas = {**schema.get("components", {}).get("schemas", {}), **_components()}
    paths = {path: dict(item) for path, item in schema["paths"].items()}
    for path, body, profile in (
        ("/api/v1/reports", "Report", REPORT),
        ("/api/v1/sightings", "Sightings", SIGHTINGS),
        ("/api/v1/enrol", "Wish", ENROL),
    ):
        content = {"application/json": {"schema": {"$ref": _REFERENCE.format(name=body)}}}
        paths[path]["post"] = {
            **paths[path]["post"],
            "description": _signed(profile),
            "requestBody": {"required": True, "content": content},
            "parameters": [_header(name) for name in (*profile.fields, *_SIGNATURE)],
        }
    return {**schema, "paths": paths, "components": {"schemas": schemas}}


def _signed(profile: Profile) -> str:
    """What a client must sign, and how."""
    return (
        "Signed with the agent's Ed25519 key (RFC 9421), label "
        f"{LABEL}, over exactly {' '.join(profile.components)}, in this order; parameters "
        f'created, keyid (the agent\'s id), alg "ed25519" and tag "{profile.tag}".'
    )


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


@cache
def _components() -> dict[str, Any]:
    types = [report_type(), Wish, sighting_types.Document]
    found = msgspec.json.schema_components(types, ref_template=_REFERENCE)[1]
    found["Sightings"] = found.pop("Document")
    return found
