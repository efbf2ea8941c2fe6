"""One flipped bit anywhere in what was signed is detected."""

from __future__ import annotations

import random

import pytest

from reports.signing.reading import NotReadable, opened
from reports.signing.verdict import judged
from tests.reports.signing import hands, paper
from tests.reports.signing.conftest import NOW

POSITIONS = 240


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_flipped_bit_is_detected_wherever_it_is(one: bytes, folder: paper.Folder) -> None:
    assert judged(one, folder, (), NOW).good
    judged_whole = in_signature_update = 0
    for place in _places(one):
        try:
            found = judged(hands.byte_changed(one, place), folder, (), NOW)
        except NotReadable:
            continue  # said to be damaged: detected as well
        codes = {fault.code for fault in found.faults}
        assert codes & {"signature_broken", "unsigned", "signature_covers_part"}, (place, codes)
        issued = place < len(paper.empty())
        assert (found.issued is None) == issued, place
        judged_whole += 1
        in_signature_update += not issued
    assert judged_whole >= POSITIONS // 2
    assert in_signature_update >= 20


def _places(pdf: bytes) -> list[int]:
    """Positions all over the two signed ranges, one chosen by chance in each of equal parts."""
    first, length, behind, rest = opened(pdf).embedded_signatures[0].byte_range
    covered = [*range(first, first + length), *range(behind, behind + rest)]
    assert len(covered) > 40_000
    chance, share = random.Random(20261129), len(covered) / POSITIONS
    return [covered[int((part + chance.random()) * share)] for part in range(POSITIONS)]
