"""Laws over every fact of the catalogue."""

import re

import pytest

from inventory import describe
from inventory.catalogue import CatalogueFault, Fact, _checked, catalogue
from language.texts import texts

SECTIONS = [
    *("hardware", "os", "volumes", "network", "firewall", "antivirus", "updates", "accounts"),
    *("session_lock", "services", "software", "agent", "scan", "contradictions"),
    *("register", "device"),
]
PRIVATE = re.compile(r"history|dns_cache|file_name|command_line|environ|wifi_key|user_name|ssid")


def test_all_sections_are_there_and_full():
    sections = catalogue().sections
    assert [section.path for section in sections] == SECTIONS
    assert all(section.children for section in sections)
    assert len(catalogue().facts) >= 200


def test_every_fact_has_words_in_both_languages_a_source_and_a_purpose():
    facts = list(catalogue().facts.values())
    assert len(facts) >= 200
    for fact in facts:
        assert all((fact.label_vi, fact.label_en, fact.source, fact.why)), fact.path
        assert fact.label_vi != fact.label_en or fact.label_en in SAME_IN_BOTH, fact.path


#: proper names, which Vietnamese writes as English does
SAME_IN_BOTH = {"nftables", "ufw", "firewalld", "Gatekeeper", "Remote Desktop"}


def test_names_are_words_that_rules_can_spell():
    assert all(re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", path) for path in catalogue().facts)


def test_nothing_private_is_in_the_catalogue():
    assert not [path for path in catalogue().facts if PRIVATE.search(path)]
    assert PRIVATE.search("network.wifi_key")  # the pattern does find what it is for


def test_lists_know_their_elements():
    port = catalogue().facts["network.listening.port"]
    assert port.list_path == "network.listening"
    assert catalogue().facts["software.name"].list_path == "software"
    assert catalogue().facts["os.name"].list_path is None


def test_nearest_answers_a_misspelling_and_stays_silent_on_noise():
    assert catalogue().nearest("firewall.efective") == "firewall.effective"
    assert catalogue().nearest("zzzzzz") is None


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ({"type": "colour"}, "a known type"),
        ({"values": ("a",)}, "values if and only if"),
        ({"words": "on_off"}, "words if and only if"),
        ({"platforms": ("beos",)}, "known platforms"),
        ({"label_vi": ""}, "labels"),
    ],
)
def test_a_fact_that_breaks_a_law_is_named(change, law):
    good = catalogue().facts["os.name"]
    fields = {name: getattr(good, name) for name in Fact.__slots__}
    assert _checked(Fact(**fields)) == good
    with pytest.raises(CatalogueFault, match=rf"os\.name: needs {law}"):
        _checked(Fact(**(fields | change)))


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_says_every_purpose_in_its_language(language):
    page = describe.markdown(language)
    known = catalogue()
    facts = [*known.sections, *known.facts.values()]
    whys = {fact.why for fact in facts}
    assert len(whys) > 20
    said = {texts(language)(why) for why in whys}
    assert len(said) == len(whys)
    assert (said == whys) is (language == "en")
    assert [why for why in said if why not in page] == []
    assert all(f"`{path}`" in page for path in known.facts if "." in path)


def test_the_page_names_every_fact_and_the_search_finds_by_label():
    page = describe.markdown()
    assert len(page) > 10_000
    assert all(f"`{path}`" in page for path in catalogue().facts if "." in path)
    assert [row["path"] for row in describe.rows("tường lửa có hiệu lực")] == ["firewall.effective"]
    assert len(describe.rows()) == len(catalogue().facts)
