"""`rasoat device sbom`: this machine's real software, and a clear no where it is not known."""

from __future__ import annotations

import json
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from inventory import devices
from inventory.store import Store
from tests.rasoat.conftest import called

STRICT = JsonStrictValidator(SchemaVersion.V1_6)


def test_of_this_machine(lively: Path, tmp_path: Path) -> None:
    (one,) = json.loads(called("--data", lively, "devices", "--json").out)
    out = tmp_path / "pc.cdx.json"
    done = called("--data", lively, "device", "sbom", one["device"], "--out", out)
    assert (done.code, done.out) == (0, ""), done.err
    text = out.read_text("utf-8")
    assert STRICT.validate_str(text) is None
    whole = json.loads(text)
    store = Store.open(lively, read_only=True)
    known = devices.show(store, one["device"])
    store.close()
    assert len(whole["components"]) >= 50
    assert {one["name"] for one in whole["components"]} == {
        one["name"] for one in known["facts"]["software"]
    }
    printed = called("--data", lively, "device", "sbom", one["device"])
    assert printed.out == text


def test_one_that_never_reported_has_no_bill(tmp_path: Path) -> None:
    folder, out = tmp_path / "district", tmp_path / "pc.cdx.json"
    assert called("demo", folder, "--machines", "30").code == 0
    listed = called("--data", folder, "devices", "--json").out
    silent = [one for one in json.loads(listed) if one["report"] is None]
    assert len(silent) >= 3
    done = called("--data", folder, "device", "sbom", silent[0]["device"], "--out", out)
    assert done.code == 3
    assert "unknown" in done.err
    assert "never_reported" in done.err
    assert not out.exists()


def test_no_such_device(lively: Path) -> None:
    done = called("--data", lively, "device", "sbom", "d-nothing")
    assert done.code == 2
    assert "d-nothing" in done.err
