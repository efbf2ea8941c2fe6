"""The values of choices in words: every one of the catalogue, in both languages."""

from __future__ import annotations

from inventory.catalogue import catalogue
from language.texts import LANGUAGES
from policies.choices import _NAMES, _OF_A_FACT, _WORDS, choice_words
from policies.wording import value_words

CHOICES = [fact for fact in catalogue().facts.values() if fact.values]


def test_every_value_of_the_catalogue_has_words():
    values = {value for fact in CHOICES for value in fact.values}
    assert len(values) > 90
    assert values - _NAMES.keys() - _WORDS.keys() == set()


def test_nothing_is_there_that_no_fact_has():
    values = {value for fact in CHOICES for value in fact.values}
    assert (_NAMES.keys() | _WORDS.keys()) - values == set()
    assert not _NAMES.keys() & _WORDS.keys()
    paths = {(fact.path, value) for fact in CHOICES for value in fact.values}
    assert set(_OF_A_FACT) <= paths


def test_no_two_values_of_a_fact_are_called_the_same():
    for fact in CHOICES:
        for lang in LANGUAGES:
            words = [value_words(value, fact, lang) for value in fact.values]
            assert len(set(words)) == len(words), (fact.path, lang, words)


def test_a_packet_filter_that_lets_all_through_is_not_called_open():
    fact = catalogue().facts["scan.filtering"]
    assert value_words("open", fact, "vi") == "không lọc"
    assert choice_words("open", "vi") == "mở"


def test_a_value_of_a_later_release_is_said_as_it_is():
    assert choice_words("quantum_link", "vi") == "quantum link"
