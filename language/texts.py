"""Messages in the language of whoever reads them (GNU gettext).

The English text stands where it is used and is its own key; ``vi/*.po`` hold the Vietnamese one by
area, and ``make language`` compiles them all into ``vi/LC_MESSAGES/messages.mo``. A message without
a translation cannot come in: ``make check`` names it (`tools/catalogues.py`). Values stand in
braces and go in by name, after the translation, so that a value is never looked up and never
formats anything. Where one English text has two Vietnamese ones, each has its `sense`.
"""

from __future__ import annotations

import gettext
from functools import cache, lru_cache
from importlib import resources

LANGUAGES = ("vi", "en")

Words = dict[str, str]  #: the same text in every language of LANGUAGES

_SENSE = "\x04"  #: what gettext sets between the sense of a message and the message
_MOST = 4096  #: messages kept at hand; there are fewer


class Texts:
    """All messages in one language; call it with the English text."""

    def __init__(self, lang: str, known: gettext.NullTranslations) -> None:
        self.lang = lang
        self._known = known
        self._text = lru_cache(_MOST)(self._found)  # a fleet's explanations ask a million times

    def __call__(self, message: str, /, **values: object) -> str:
        """The message, its ``{names}`` filled in."""
        text = self._text(message)
        return text.format(**values) if values else text

    def many(self, one: str, more: str, n: int, /, **values: object) -> str:
        """The message for ``n`` things; ``{n}`` is the number unless a value of that name is given.

        Vietnamese has one form for every number.
        """
        return self._known.ngettext(one, more, n).format(**{"n": n} | values)

    def _found(self, message: str) -> str:
        return self._known.gettext(message).rpartition(_SENSE)[2]


def marked(message: str) -> str:
    """The message as it is: named here, translated where it is shown."""
    return message


def plural(one: str, more: str) -> tuple[str, str]:
    """The same of a message for one thing and for several."""
    return one, more


def sense(context: str, message: str) -> str:
    """The message in one of its senses, for `Texts` and `both`; ``context`` is never shown.

    ``sense("of a policy", "off")`` is another text than ``"off"``.
    """
    return f"{context}{_SENSE}{message}"


@cache
def texts(lang: str) -> Texts:
    """The messages in ``vi`` or ``en``.

    Raises:
        ValueError: another language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no messages in {lang!r}; there are: {', '.join(LANGUAGES)}")
    if lang == "en":
        return Texts(lang, gettext.NullTranslations())
    home = resources.files(__package__).joinpath(lang, "LC_MESSAGES", "messages.mo")
    with home.open("rb") as compiled:
        return Texts(lang, gettext.GNUTranslations(compiled))


def both(message: str, /, **values: object) -> Words:
    """The message in every language."""
    return {lang: texts(lang)(message, **values) for lang in LANGUAGES}
