"""Registry files: what regedit writes is read to the last byte, all else refused by its line."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.registry_file import NotARegistryFile, read, write
from agents.registry_value import (
    BINARY,
    DWORD,
    EXPAND_SZ,
    MULTI_SZ,
    QWORD,
    SZ,
    Value,
    of_plain,
)

HEAD = "Windows Registry Editor Version 5.00"
KEY = "HKLM\\SOFTWARE\\Sở Nội vụ"


def utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def one(rows: str, head: str = HEAD) -> dict[str, Value]:
    """The values of the one key that holds these rows."""
    (values,) = read(f"{head}\n\n[HKEY_LOCAL_MACHINE\\X]\n{rows}\n".encode()).values()
    return values


@pytest.mark.parametrize(
    ("row", "plain"),
    [
        ('"a"="b"', "b"),
        ('@="default"', "default"),
        ('"a" = "b" ; comment', "b"),
        (r'"a"="C:\\Program Files\\\"x\""', 'C:\\Program Files\\"x"'),
        ('"a"="one\ntwo  \nthree"', "one\ntwo  \nthree"),
        ('"a"=dword:0000002a', 42),
        ('"a"=DWORD:fFFFffff ; all', 2**32 - 1),
        ('"a"=hex:01,02,\\\n  03,04', b"\x01\x02\x03\x04"),
        ('"a"=hex:', b""),
        ('"a"=hex(0):ff', b"\xff"),
        ('"a"=hex(1):41,00,00,00', "A"),
        ('"a"=hex(2):25,00,41,00,25,00,00,00', "%A%"),
        ('"a"=hex(4):2a,00,00,00', 42),
        ('"a"=hex(4):2a,00', b"\x2a\x00"),
        ('"a"=hex(b):00,00,00,00,01,00,00,00', 2**32),
        ('"a"=hex(7):41,00,00,00,42,00,43,00,00,00,00,00', ["A", "BC"]),
        ('"a"=hex(7):', []),
        ('"a"=hex(7):00,00', []),
        ('"a"=hex(7):41,00,00,00,00,00,42,00,00,00,00,00', ["A", "", "B"]),
        ('"a"=hex(7):41,00', ["A"]),
        ('"a"=hex(ffff0010):01', b"\x01"),
    ],
)
def test_every_form_of_a_value(row: str, plain: object) -> None:
    (value,) = one(row).values()
    assert value.plain() == plain
    crlf = f"{HEAD}\n\n[HKEY_LOCAL_MACHINE\\X]\n{row}\n".replace("\n", "\r\n")
    (values,) = read(utf16(crlf)).values()
    if "two" not in row:
        assert list(values.values()) == [value]


def test_regedit4_keeps_one_byte_a_character() -> None:
    values = one('"a"=hex(2):25,41,25,00\n"b"=hex(7):41,00,42,00,00\n"c"="é"', "REGEDIT4")
    assert values["a"].plain() == "%A%"
    assert values["b"].plain() == ["A", "B"]
    latin = read('REGEDIT4\n\n[HKEY_USERS\\X]\n"c"="é"\n'.encode("cp1252"))
    assert latin["HKU\\X"]["c"].plain() == "é"


def test_keys_comments_and_what_is_deleted() -> None:
    text = f"""{HEAD}

; a comment
[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]
"x"="1"
"Y"="2"

[HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\B]
@="b"

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Ab]

[hkey_local_machine\\software\\a]
"X"=-
"y"="3"

[-HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\B]
"""
    found = {
        key: {name: value.plain() for name, value in values.items()}
        for key, values in read(utf16(text)).items()
    }
    assert found == {"HKLM\\SOFTWARE\\A": {"Y": "3"}, "HKLM\\SOFTWARE\\Ab": {}}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "first line"),
        ("Windows Registry Editor Version 6.00\n", 1, "first line"),
        (HEAD + '\n"a"="b"\n', 2, "no key"),
        (HEAD + "\n\n[HKEY_CURRENT_USER\\X]\n", 3, "no key below"),
        (HEAD + "\n[HKEY_LOCAL_MACHINE\\X\n", 2, "does not end"),
        (HEAD + "\n[HKEY_LOCAL_MACHINE\\\\X]\n", 2, "no key below"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a"=dword:123456789\n', 3, "no text"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a"=hex:0g\n', 3, "no text"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a"=hex:001\n', 3, "no text"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a"="b\n', 3, "no text"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a\n', 3, "neither"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n"a"="b" c\n', 3, "no text"),
        (HEAD + "\n[HKEY_LOCAL_MACHINE\\X]\nrubbish\n", 3, "neither"),
        (HEAD + '\n[HKEY_LOCAL_MACHINE\\X]\n[-HKEY_LOCAL_MACHINE\\X]\n"a"=-\n', 4, "no key"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(NotARegistryFile) as caught:
        read(text.encode(), "máy.reg")
    assert str(caught.value).startswith(f"máy.reg:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfeW", b"\x80\x81\x82", b"\xfe\xff\x00W"])
def test_another_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(NotARegistryFile):
        read(content)


NAMES = st.text(st.characters(exclude_characters="\0"), max_size=20)
WORDS = st.text(
    st.characters(exclude_characters="\\\0\r\n", exclude_categories=["Cc"]), min_size=1, max_size=12
)
PATHS = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: "HKLM\\" + "\\".join(words))
TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=40)
PLAIN = st.one_of(
    TEXTS,
    st.lists(TEXTS, max_size=4),
    st.integers(0, 2**64 - 1),
    st.binary(max_size=200),
)
RAW = st.builds(
    Value,
    st.sampled_from([0, SZ, EXPAND_SZ, BINARY, DWORD, 5, 6, MULTI_SZ, 8, QWORD, 0xFFFF0010]),
    st.binary(max_size=90),
)


def unlike(names: list[str]) -> bool:
    return len({name.lower() for name in names}) == len(names)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        PATHS,
        st.dictionaries(NAMES, st.one_of(RAW, PLAIN.map(of_plain)), max_size=5).filter(
            lambda values: unlike(list(values))
        ),
        max_size=4,
    ).filter(lambda keys: unlike(list(keys)))
)
def test_what_is_written_is_read_to_the_same(keys: dict[str, dict[str, Value]]) -> None:
    assert read(write(keys)) == keys


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_a_plain_value_comes_back(plain: object) -> None:
    assert of_plain(plain).plain() == plain


@pytest.mark.parametrize("value", [None, 1.5, True, -1, 2**64, ["a", 1]])
def test_what_is_no_value_of_the_registry_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no value"):
        of_plain(value)


def test_a_key_that_the_format_cannot_name_is_refused() -> None:
    with pytest.raises(ValueError, match="line end"):
        write({"HKLM\\a\nb": {}})


SIGNS = string.ascii_letters + string.digits + '[]"\\=@-;:,() \r\n\t'


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(SIGNS, max_size=200).map(str.encode)))
def test_garbage_is_refused_or_read_never_anything_else(garbage: bytes) -> None:
    for content in (
        garbage,
        utf16(HEAD + "\r\n[HKEY_USERS\\X]\r\n") + garbage[: len(garbage) & ~1],
        f"{HEAD}\n[HKEY_USERS\\X]\n".encode() + garbage,
    ):
        try:
            keys = read(content)
        except NotARegistryFile as why:  # noqa: PERF203 - each content alone
            assert str(why).startswith("registry file:")  # noqa: PT017 - either is well
        else:
            assert all(key.partition("\\")[0] in ("HKLM", "HKU") for key in keys)


def test_a_long_value_is_broken_into_lines_that_regedit_takes() -> None:
    content = write({KEY: {"a" * 30: Value(BINARY, bytes(range(256)) * 4)}})
    rows = content[2:].decode("utf-16-le").split("\r\n")
    assert max(map(len, rows)) <= 80
    assert len(rows) > 40
    assert content.startswith(b"\xff\xfe")


def test_a_text_of_many_lines_that_never_ends_is_refused_soon() -> None:
    rows = '"a"="b\n' + "c\n" * 200_000
    with pytest.raises(NotARegistryFile):
        read(f"{HEAD}\n[HKEY_USERS\\X]\n{rows}".encode())


def test_a_value_of_a_megabyte_is_read() -> None:
    values = {KEY: {"x": Value(BINARY, bytes(1 << 20))}}
    assert read(write(values)) == values
