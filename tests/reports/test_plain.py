"""Figures as JSON and back: nothing is lost, and equal texts are kept once."""

from __future__ import annotations

from dataclasses import replace

from reports import plain
from tests.reports.managed import managed


def test_what_was_written_is_read():
    summary = managed()
    text = plain.encode(summary)
    assert plain.decode(text) == summary
    assert plain.encode(plain.decode(text)) == text


def test_equal_texts_of_findings_are_one_text_in_memory():
    again = plain.decode(plain.encode(managed()))
    findings = [one for device in again.devices for one in device.findings]
    assert len(findings) >= 4
    for name in ("rule", "result", "severity"):
        values = [getattr(one, name) for one in findings]
        assert len({id(value) for value in values}) == len(set(values)) < len(values)
    said = [one.explanation for one in findings]
    assert len({id(one) for one in said}) == len({tuple(one.items()) for one in said})


def test_texts_that_differ_in_one_language_stay_two():
    summary = managed()
    first, *rest = summary.devices
    found = first.findings[0]
    pair = tuple(
        replace(found, explanation={"vi": "như nhau", "en": english}) for english in ("a", "b")
    )
    summary = replace(summary, devices=(replace(first, findings=pair), *rest))
    assert plain.decode(plain.encode(summary)) == summary
