"""Reports are decoded by closed types; every refusal names its field."""

import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue import catalogue
from inventory.document import (
    DocumentRefused,
    decode_report,
    encode_view,
    projected,
    report_schema,
    view_of,
)

GOOD = {
    "catalogue": 1,
    "agent": {"version": "0.1.0"},
    "collected_at": "2026-11-23T08:00:00Z",
    "facts": {
        "os": {"family": "linux"},
        "volumes": [{"mount": "/", "size": 10, "free_percent": 12}],
        "software": [{"name": 'quoted " \\ {[', "version": "1"}],
    },
    "unknown": {
        "firewall.effective": {"reason": "not_elevated", "detail": "nft: not permitted"},
        "volumes[0].encryption": {"reason": "unreadable"},
    },
}
RAW = json.dumps(GOOD).encode()


def refusal(raw: bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        decode_report(raw)
    return str(caught.value)


def test_a_good_report_is_accepted_and_its_view_has_what_rules_read():
    view = view_of(decode_report(RAW), last_report="2026-11-23T08:00:01Z")
    assert view["facts"]["agent"] == {"version": "0.1.0", "last_report": "2026-11-23T08:00:01Z"}
    assert view["facts"]["volumes"] == [{"mount": "/", "size": 10, "free_percent": 12.0}]
    assert view["unknown"] == GOOD["unknown"]
    assert encode_view(view) == encode_view(json.loads(encode_view(view)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'"family"', b'"famly"', "unknown field facts.os.famly; did you mean os.family?"),
        (b'"os"', b'"extra": 1, "os"', "unknown field facts.extra"),
        (b'"mount": "/"', b'"mont": "/"', "unknown field facts.volumes[0].mont; did you mean vol"),
        (b'"linux"', b"NaN", "not well-formed JSON"),
        (b'"linux"', b'"\\ud800"', "surrogate"),
        (b'"linux"', b"null", "facts.os.family: expected `str`, got `null`"),
        (b'"linux"', b'"beos"', "facts.os.family: invalid enum value 'beos'"),
        (b'"size": 10', b'"size": %d' % 2**70, "facts.volumes[0].size: expected `int` <="),
        (b'"size": 10', b'"size": 1.5', "facts.volumes[0].size: expected `int`"),
        (b'"size": 10', b'"size": true', "facts.volumes[0].size: expected `int`, got `bool`"),
        (b'"size": 10', b'"size": 1, "size": 2', "given twice"),
        (b'"free_percent": 12', b'"free_percent": 1e999', "facts.volumes[0].free_percent"),
        (b'"mount": "/"', b'"mount": "%s"' % (b"a" * 1025), "facts.volumes[0].mount: expected"),
        (b'"mount": "/"', b'"mount": "\xff"', "invalid start byte"),
        (b'"catalogue": 1', b'"catalogue": 2', "catalogue 2 is newer than this server's (1)"),
        (b"firewall.eff", b"firewall.ef", "unknown names no fact: firewall.efective; did you mean"),
        (b'"unreadable"', b'"because"', "invalid enum value 'because'"),
        (b"T08:00:00Z", b" 08:00", "collected_at: expected `str` matching regex"),
        (
            b'"version": "0.1.0"',
            b'"elevated": true',
            "agent: object missing required field `version`",
        ),
        (
            b'"version": "0.1.0"',
            b'"version": "1", "last_report": "x"',
            "unknown field agent.last_report",
        ),
    ],
)
def test_what_the_catalogue_does_not_allow_is_refused_by_name(old, new, says):
    assert RAW.count(old) == 1
    assert says in refusal(RAW.replace(old, new))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff\xfe{}", b"null", b"{" * 50])
def test_what_is_no_report_at_all_is_refused(raw):
    assert refusal(raw)


@pytest.mark.parametrize("depth", [17, 10_000, 200_000])
@pytest.mark.parametrize("place", [b'"linux"', b'"os"', b'"mount": "/"'])
@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"os":', b"}")], ids=["lists", "objects"])
def test_deep_nesting_is_refused_and_exhausts_nothing(depth, place, pair):
    nest = pair[0] * depth + b"1" + pair[1] * depth
    field = place if place.startswith(b'"linux') else b'"extra": %s, ' + place
    deep = RAW.replace(place, field % nest if b"%s" in field else nest)
    assert "nested deeper than 16" in refusal(deep)


@pytest.mark.parametrize(
    "twice",
    [
        rb'"mount": "/", "mount": "\u0022:"',
        rb'"mount" : "/", "mount": "\":"',
        rb'"mount": "a\":", "mount": "/"',
        rb'"mount": "\u0022:\u0022:", "size": 1, "size": 2',
        rb'"mount": "/", "m\u006funt": "/"',
    ],
)
def test_a_field_given_twice_cannot_hide_behind_quotation_marks(twice):
    assert "given twice" in refusal(RAW.replace(b'"mount": "/", "size": 10', twice))


@pytest.mark.parametrize("text", [r'"\u0022:"', r'"\" :"', r'"a\":b"', r'"é:\u0022 :\\"'])
def test_quotation_marks_and_colons_in_texts_are_no_second_field(text):
    report = decode_report(RAW.replace(b'"/"', text.encode()))
    assert report.facts.volumes[0].mount == json.loads(text)


def test_brackets_and_colons_inside_texts_do_not_count():
    text = json.dumps('"' * 40 + "[{:" * 40 + "\\").encode()
    assert decode_report(RAW.replace(b'"/"', text)).facts.volumes[0].mount.endswith("\\")


@given(st.text(max_size=200))
def test_any_text_comes_back_as_it_was_or_is_refused(text):
    raw = RAW.replace(b'"/"', json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    try:
        report = decode_report(raw)
    except DocumentRefused:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
    else:
        assert report.facts.volumes[0].mount == text


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(raw):
    with pytest.raises(DocumentRefused):
        decode_report(raw)


def test_the_schema_is_valid_and_agrees_on_the_good_report_and_a_bad_one():
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(GOOD)
    assert not validator.is_valid(GOOD | {"facts": {"os": {"famly": "linux"}}})


def test_a_projected_view_takes_holes_and_ignores_the_rest():
    view: Any = projected(["os.family", "volumes.mount", "network.gateways", "agent.last_report"])
    decoded: Any = msgspec.json.decode(
        b'{"facts": {"os": {"family": null, "name": 5}, "volumes": [null, {"mount": "/", "x": 1}],'
        b' "network": {"gateways": [null, "10.0.0.1"]}, "junk": 1}, "unknown": {}}',
        type=view,
    )
    assert decoded.facts.os.family is None
    assert decoded.facts.volumes[0] is None
    assert decoded.facts.volumes[1].mount == "/"
    assert decoded.facts.network.gateways == [None, "10.0.0.1"]
    assert decoded.facts.agent is msgspec.UNSET


def test_every_fact_can_be_projected():
    everything: Any = projected(catalogue().facts)
    assert msgspec.json.decode(b"{}", type=everything).facts is msgspec.UNSET
    with pytest.raises(KeyError, match=r"os\.nme"):
        projected(["os.nme"])
