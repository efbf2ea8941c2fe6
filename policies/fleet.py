"""What may be said of the whole fleet.

Met, not met, or undecided, with its counts and one sentence.

The denominator is what *should* exist. A machine that nothing is known of counts for neither side:
with lo = pass ÷ N and hi = (pass + unknown) ÷ N, lo ≥ t is met, hi < t is not met, anything between
is undecided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from policies.fields import WHOLE
from policies.populations import of_the_register
from policies.tree import Rule
from policies.wording import number, pick

OPEN = ("unknown", "error")  #: results that more knowledge may turn either way


class Judged(Protocol):
    """One device's result: a verdict, or a finding kept from one."""

    @property
    def result(self) -> str:
        """pass, fail, unknown, error, not_applicable or waived."""

    @property
    def reason(self) -> str:
        """The code behind an unknown."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A fleet-level result. ``counts`` is by result, and for unknowns by ``unknown: reason``.

    ``total`` is N, the expected machines the rule applies to; ``lo`` and ``hi`` are shares from 0
    to 1 (0 when N is 0).
    """

    rule: str
    result: str
    counts: dict[str, int]
    total: int
    lo: float
    hi: float
    sentence_vi: str
    sentence_en: str


def statement(rule: Rule, judged: Iterable[Judged], expected: int, refused: int = 0) -> Statement:
    """What the results of a rule say about all ``expected`` machines, and ``refused`` more.

    Expected machines without a result count as unknown (never reported); so do the register's rows
    that were refused: a mistake in a row must not make the denominator smaller.

    Raises:
        ValueError: more results than expected machines: the caller counted machines that are
            not expected.
    """
    counts: Counter[str] = Counter()
    for one in judged:
        counts[one.result] += 1
        if one.result == "unknown":
            counts[f"unknown: {one.reason or 'not_reported'}"] += 1
        elif one.result == "pass" and one.reason:
            counts[f"pass: {one.reason}"] += 1
    results = sum(count for name, count in counts.items() if ":" not in name)
    if results > expected:
        raise ValueError(f"{results} results for {expected} expected machines")
    if expected > results:
        counts["unknown"] += expected - results
        counts["unknown: never_reported"] += expected - results
    if refused:
        counts["unknown"] += refused
        counts["unknown: refused_row"] = refused
    return _stated(rule, counts, expected + refused - counts["not_applicable"])


def _stated(rule: Rule, counts: Counter[str], total: int) -> Statement:
    passed = counts["pass"]
    possible = passed + sum(counts[name] for name in OPEN)
    wanted = Fraction(rule.fleet.pass_at_least) / WHOLE
    result = "undecided"
    if total and Fraction(passed, total) >= wanted:
        result = "met"
    elif total and Fraction(possible, total) < wanted:
        result = "not_met"
    sentences = (_sentence(rule, counts, total, result, lang) for lang in ("vi", "en"))
    lo, hi = (passed / total, possible / total) if total else (0.0, 0.0)
    plain = {name: count for name, count in counts.items() if count}
    return Statement(rule.id, result, plain, total, lo, hi, *sentences)


_GROUPS = (
    ("fail", ("Fail", "Không đạt")),
    ("waived", ("Waived", "Được miễn trừ")),
    ("unknown: too_old", ("Silent for too long", "Im lặng quá lâu")),
    ("unknown: never_reported", ("Never reported", "Chưa từng báo cáo")),
    ("unknown: contradicted", ("Contradicted by the network", "Mạng cho thấy điều ngược lại")),
    ("unknown: refused_row", ("In rows of the register not understood", "Dòng sổ tài sản bị lỗi")),
    ("unknown: other", ("Not known", "Không rõ")),
    ("error", ("Errors", "Lỗi dữ liệu")),
)
_ENDINGS = {
    "met": ("Met.", "Đạt yêu cầu."),
    "not_met": ("Not met.", "Không đạt yêu cầu."),
    "undecided": ("Cannot be stated as met.", "Chưa đủ căn cứ để khẳng định là đạt."),
}


def _sentence(rule: Rule, counts: Counter[str], total: int, result: str, lang: str) -> str:
    """The sentence: ``Firewall on: 541 of 568 machines (95.2 %). Fail: 9. …``."""
    title = rule.title.get(lang).rstrip(".")
    ending = pick(_ENDINGS[result], lang)
    if not total:
        nothing = pick(("no machine to judge", "không có máy nào để đánh giá"), lang)
        return f"{title}: {nothing}. {ending}"
    grouped = counts.copy()
    named = sum(grouped[name] for name, _ in _GROUPS if name.startswith("unknown: "))
    grouped["unknown: other"] = grouped["unknown"] - named
    passed, of = number(grouped["pass"], lang), number(total, lang)
    noun = ("machines", "máy") if of_the_register(rule) else ("devices", "thiết bị")
    en, vi = f"{passed} of {of} {noun[0]}", f"{passed}/{of} {noun[1]}"
    parts = [f"{title}: {pick((en, vi), lang)} ({_percent(grouped['pass'], total, lang)})"]
    if confirmed := grouped["pass: confirmed"]:
        alone = number(grouped["pass"] - confirmed, lang)
        words = (
            "Confirmed by the network: {}, claimed only: {}",
            "Mạng xác nhận: {}, chỉ tự khai: {}",
        )
        parts.append(pick(words, lang).format(number(confirmed, lang), alone))
    parts += [f"{pick(w, lang)}: {number(grouped[n], lang)}" for n, w in _GROUPS if grouped[n]]
    needed = rule.fleet.pass_at_least
    if needed < WHOLE:
        share = number(float(needed), lang)
        parts.append(pick((f"Required: {share} %", f"Yêu cầu: {share} %"), lang))
    return f"{'. '.join(parts)}. {ending}"


def _percent(part: int, total: int, lang: str) -> str:
    """A share with one decimal, rounded down: 567 of 568 is never 100 %."""
    return f"{number(part * 1000 // total / 10, lang, decimals=1)} %"
