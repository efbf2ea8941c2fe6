"""Which tests of the agent need the present Python: on 3.8, Windows 7's last, all others run."""

from __future__ import annotations

from tests.lab.server_asked import PRESENT

#: file → why it cannot run on 3.8; tests/house/test_agents_on_3_8.py sees that no other is named
NOT_ON_3_8 = {
    "test_second_signatures.py": "the second implementation of RFC 9421 is not for 3.8",
    "windows/test_wine_firewall.py": "a real collector beside Wine, whose own Pythons are the test",
    "windows/test_wine_machine.py": "a real collector beside Wine, whose own Pythons are the test",
    "windows/test_wine_record.py": "the server's types beside Wine, whose own Pythons are the test",
    "windows/test_wine_sections.py": "the catalogue beside Wine, whose own Pythons are the test",
}
collect_ignore = [] if PRESENT else list(NOT_ON_3_8)
