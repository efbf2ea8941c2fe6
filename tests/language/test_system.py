"""The operating system's usual refusals are told in the reader's language, others as they are."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from language.said import spoken
from language.system import reason


def test_a_real_refusal_is_told_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        (tmp_path / "absent").read_bytes()
    assert reason(raised.value) == "No such file or directory"
    assert spoken(reason(raised.value), "vi") == "không có tệp hoặc thư mục này"


def test_an_unusual_one_stays_as_the_system_says_it() -> None:
    fault = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    assert reason(fault) == os.strerror(errno.ELOOP)
    assert spoken(reason(fault), "vi") == os.strerror(errno.ELOOP)
    assert reason(OSError("only words")) == "only words"


def test_a_number_of_another_table_is_not_taken_for_the_system_s() -> None:
    """Name servers count from 1 on too: 2 is theirs for trying again, the system's for no file."""
    fault = socket.gaierror(errno.ENOENT, "Temporary failure in name resolution")
    assert spoken(reason(fault), "vi") == "Temporary failure in name resolution"
