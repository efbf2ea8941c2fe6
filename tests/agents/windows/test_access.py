"""Windows access lists as text: who may change what SYSTEM would start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.windows import access

INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
#: C:\Program Files as Windows 10 has it (icacls, icacls /save).
PROGRAM_FILES = (
    f"O:{INSTALLER}D:PAI(A;;FA;;;{INSTALLER})(A;CIIO;GA;;;{INSTALLER})(A;;0x1301bf;;;SY)"
    "(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)"
    "(A;OICIIO;GA;;;CO)(A;;0x1200a9;;;AC)"
)
#: What is made in it by an administrator.
IN_PROGRAM_FILES = (
    "O:BAD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)(A;OICIIOID;GXGR;;;BU)"
    "(A;OICIIOID;GA;;;CO)"
)
#: The root of C:, where every signed-in user may make folders.
ROOT_OF_C = (
    f"O:{INSTALLER}D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
    "(A;OICIIO;SDGXGWGR;;;AU)(A;;LC;;;AU)"
)
#: C:\agent, made by an administrator there: what users may, it inherits.
IN_ROOT_OF_C = "O:BAD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;0x1301bf;;;AU)"


@pytest.mark.parametrize(
    ("descriptor", "inside"),
    [
        (PROGRAM_FILES, False),
        (IN_PROGRAM_FILES, True),
        (ROOT_OF_C, False),
        ("O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", True),
        ("O:BAD:(D;;FA;;;WD)(A;;FR;;;BU)", True),
    ],
)
def test_what_only_administrators_may_change_is_safe(descriptor: str, inside: bool) -> None:
    assert access.fault(descriptor, inside=inside) == ""


@pytest.mark.parametrize(
    ("descriptor", "inside", "says"),
    [
        (IN_ROOT_OF_C, True, "AU may write"),
        (IN_ROOT_OF_C, False, "AU may write"),
        (ROOT_OF_C, True, "AU may write"),
        ("O:BAD:(A;;FA;;;WD)", False, "WD may write"),
        ("O:BAD:(A;;GW;;;BU)", True, "BU may write"),
        ("O:BAD:(XA;;FA;;;BU;(Member_of {SID(BA)}))(A;;FA;;;BA)", True, "BU may write"),
        ("O:BAD:(XA;;FR;;;BU;(@USER.a == 1))(A;;FA;;;WD)", True, "WD may write"),
        ("O:BAD:(A;;WO;;;BU)", False, "BU may write"),
        ("O:BAD:(A;;XYZ;;;BU)", True, "BU may write"),
        ("O:BAD:(A;;0xZZ;;;BU)", True, "BU may write"),
        ("O:BAD:NO_ACCESS_CONTROL", True, "everybody"),
        ("O:BA", True, "everybody"),
        ("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)", True, "belongs to S-1-5-21-1-2-3-1001"),
        ("D:(A;;FA;;;BA)", True, "belongs to nobody"),
        ("", True, "nobody"),
    ],
)
def test_what_others_may_change_is_named(descriptor: str, inside: bool, says: str) -> None:
    assert says in access.fault(descriptor, inside=inside)


@given(st.text(max_size=60))
def test_no_text_passes_by_accident(text: str) -> None:
    assert access.fault(text, inside=True) != ""
