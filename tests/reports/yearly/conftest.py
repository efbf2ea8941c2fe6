"""One form with every status, two systems and a unit that was merged in the period."""

from __future__ import annotations

import pytest

from inventory.attestations import Attestation
from inventory.units.model import Unit
from inventory.units.tree import History
from policies.fleet import Statement
from policies.frameworks import Requirement, Standing
from policies.frameworks.standing import STATES
from policies.tree import Words
from reports.letterhead import Letterhead
from reports.yearly import Period, YearlyForm
from reports.yearly.filling import requirement_lines, units_of
from reports.yearly.form import Machines
from reports.yearly.systems import APPROVED, DEPLOYMENT, Plan, System


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": f"{text} (en)"}


def standing(state: str, place: int = 1) -> Standing:
    """One requirement in a state, with a rule that 3 of 4 machines pass."""
    requirement = Requirement(
        f"4.{place}", 2, Words(f"Yêu cầu {place}", f"Clause {place}"), (), 366
    )
    said = Statement(f"R-{place}", "not_met", {"pass": 3}, 4, 0.75, 0.75, "", "")
    person = Attestation(
        *("a-1", "tcvn", requirement.id, "", "met", "hồ sơ 12", "", "Trần Thị Mô Phỏng"),
        *("2026-03-01", "2026-12-31", "2026-03-01T00:00:00Z", "officer"),
    )
    return Standing(requirement, state, (said,), person if state == "attested" else None)


LAN = System(
    name=words("Mạng nội bộ"),
    owner=words("UBND xã"),
    operator=words("Văn phòng"),
    level=2,
    dossier=APPROVED,
    decision="12/QĐ-UBND",
    decided_on="2026-09-01",
    deployment=DEPLOYMENT[-1],
    assessed_on="2026-10-15",
    deadline="2027-06-30",
    note=words("Không"),
    inspected=True,
    framework="tcvn-14423-2026",
    plans=(Plan("4.1", words("Bật tường lửa"), "2027-03-31"),),
)
HEAD = Letterhead(
    superior=words("UBND tỉnh"),
    issuer=words("UBND xã"),
    symbol="BC-UBND",
    place=words("Mô Phỏng"),
    authority=words("TM. UBND"),
    signer="Nguyễn Văn Mẫu",
    recipients=(words("Lưu: VT"),),
)
UNITS = History(
    [
        Unit("X1", "commune", "Xã Cũ", valid_to="2026-03-31", successors=("X2",)),
        Unit("X2", "commune", "Xã Mới", "New Commune", valid_from="2026-04-01"),
        Unit("X0", "commune", "Xã Xưa", valid_to="2025-06-30", successors=("X1",)),
        Unit("X9", "commune", "Xã Sau", valid_from="2026-12-15"),
    ]
)


@pytest.fixture
def form() -> YearlyForm:
    """The form below."""
    return last_day()


def last_day() -> YearlyForm:
    """As an office would have it on the last day of the period."""
    period = Period(2026)
    lines = requirement_lines(
        [standing(state, place) for place, state in enumerate(STATES, start=1)], LAN.plans
    )
    return YearlyForm(
        period=period,
        day="2026-12-14",
        letterhead=HEAD,
        systems=(LAN, System(name=words("Trang tin"))),
        framework=words("Tiêu chuẩn"),
        unverified="no",
        requirements=lines,
        machines=Machines(553, 471),
        units=units_of(period, UNITS, "2026-12-14"),
    )
