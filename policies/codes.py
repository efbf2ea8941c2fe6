"""The generated evaluator's answers: one small number for each rule."""

from __future__ import annotations

#: DEFERRED: one fact is held against another, which only the reference does.
PASS, FAIL, UNKNOWN, NOT_APPLICABLE, DEFERRED = range(5)
RESULTS = ("pass", "fail", "unknown", "not_applicable")  #: the word for each but the last
