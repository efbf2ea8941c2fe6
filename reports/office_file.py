"""``office.yaml``: the words around a report's text, read strictly, every problem at its place."""

from __future__ import annotations

from pathlib import Path

from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence, read_tree
from language.said import said
from language.texts import Words
from policies.fields import Fields
from policies.problems import PolicyRefused, Problems
from reports.letterhead import Letterhead

FILE = "office.yaml"  #: its name in a data folder

_KEYS = {
    "superior": "the agency above, in capitals, such as UBND TỈNH LÀO CAI",
    "issuer": "the agency that issues, in capitals",
    "symbol": "what stands behind the number, such as BC-UBND",
    "place": "where it is issued, such as Bảo Yên",
    "subject": "what the report is about; left out: the policy's title",
    "authority": "for whom it is signed, such as TM. ỦY BAN NHÂN DÂN",
    "capacity": "a list of lines, such as KT. CHỦ TỊCH and PHÓ CHỦ TỊCH",
    "signer": "the name below the signature, without titles",
    "recipients": "a list; the last one is the archive, such as “Lưu: VT, VP”",
}

TEMPLATE = """\
# The words around a report (Decree 30/2020). What is left out is printed as dots.
# A text is for both languages, or {vi: …, en: …}. No such office exists: put in your own.
superior: {vi: "UBND TỈNH MÔ PHỎNG", en: "PEOPLE'S COMMITTEE OF SIMULATED PROVINCE"}
issuer: {vi: "UBND XÃ MÔ PHỎNG", en: "PEOPLE'S COMMITTEE OF SIMULATED COMMUNE"}
symbol: BC-UBND
place: {vi: "Mô Phỏng", en: "Mo Phong"}
authority: {vi: "TM. ỦY BAN NHÂN DÂN", en: "FOR THE PEOPLE'S COMMITTEE"}
capacity:
  - {vi: "KT. CHỦ TỊCH", en: "FOR THE CHAIR"}
  - {vi: "PHÓ CHỦ TỊCH", en: "VICE CHAIR"}
signer: "Nguyễn Văn Mẫu"
recipients:
  - {vi: "UBND tỉnh (để báo cáo);", en: "Provincial People's Committee (for report);"}
  - {vi: "Lưu: VT, VP.", en: "Archive: office."}
"""


def letterhead_of(folder: Path) -> Letterhead:
    """What stands in a data folder; empty where the office has written nothing yet.

    Raises:
        PolicyRefused: the file is wrong; all problems are named.
        OSError: it is there and cannot be read.
    """
    file = folder / FILE
    return read(file) if file.exists() else Letterhead()


def read(file: Path) -> Letterhead:
    """The letterhead in a file.

    Raises:
        PolicyRefused: the file is wrong; all problems are named.
        OSError: it cannot be read.
    """
    problems = Problems(str(file))
    tree = read_tree(file.read_bytes(), problems)
    found = _letterhead(tree, problems) if not isinstance(tree, Broken) else Letterhead()
    if isinstance(tree, Broken) and not problems.found:
        problems.add(tree.place, said("the file is empty; see: rasoat report template"))
    if problems.found:
        raise PolicyRefused(problems.found)
    return found


def _letterhead(tree: Node, problems: Problems) -> Letterhead:
    fields = Fields(tree, said("the file"), _KEYS, problems)
    return Letterhead(
        superior=_words(fields, "superior"),
        issuer=_words(fields, "issuer"),
        symbol=fields.text("symbol") or "",
        place=_words(fields, "place"),
        subject=_words(fields, "subject"),
        authority=_words(fields, "authority"),
        capacity=_list(fields, "capacity", problems),
        signer=fields.text("signer") or "",
        recipients=_list(fields, "recipients", problems),
    )


def _words(fields: Fields, key: str) -> Words:
    found = fields.words(key)
    return {"vi": found.vi, "en": found.en} if found else {}


def _list(fields: Fields, key: str, problems: Problems) -> tuple[Words, ...]:
    """Texts of a list, each one for both languages or one for each."""
    node = fields.node(key)
    if isinstance(node, Scalar):
        problems.add(
            node.place, said("{key} must be a list; write each text behind a dash", key=key)
        )
    items = node.items if isinstance(node, Sequence) else ()
    entries = (
        Mapping(one.mark, {key: (Scalar(one.mark, key, quoted=False), one)}) for one in items
    )
    found = (_words(Fields(entry, key, {key: ""}, problems), key) for entry in entries)
    return tuple(one for one in found if one)
