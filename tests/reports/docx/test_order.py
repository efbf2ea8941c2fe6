"""Word refuses a file whose properties are out of order: each stands as ECMA-376 has it."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest
from docx.oxml import parse_xml

from reports.docx import set_document
from tests.reports.docx.conftest import document, with_everything

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: ECMA-376, part 1, 17.3 to 17.6: the sequence of the children that a report uses, and neighbours
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs "
    "spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing w kern position sz szCs "
    "highlight u effect bdr shd lang",
    "tblPr": "tblStyle tblpPr tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar "
    "tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "pBdr": "top left bottom right between",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "lvl": "start numFmt lvlText lvlJc pPr rPr",
    "style": "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr "
    "tblPr",
    "sectPr": "headerReference footerReference footnotePr type pgSz pgMar pgNumType cols titlePg "
    "docGrid",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang clrSchemeMapping "
    "decimalSymbol listSeparator",
}
LOOSE = {"sectPr": {"headerReference", "footerReference"}}  #: of these the order is free


def misplaced(file: bytes) -> tuple[list[str], int]:
    """What stands out of order, and how many elements were looked at."""
    found, seen = [], 0
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml") and "theme" not in name:
                for one in parse_xml(archive.read(name)).iter():
                    kind = str(one.tag).removeprefix(WORDS)
                    if kind in ORDER:
                        seen += 1
                        found += [f"{name}: {kind}: {fault}" for fault in _faults(one, kind)]
    return found, seen


def _faults(one, kind: str) -> list[str]:
    known = ORDER[kind].split()
    names = [str(child.tag).removeprefix(WORDS) for child in one]
    found = [f"{name} is not known there" for name in names if name not in known]
    places = [known.index(name) for name in names if name in known]
    free = {known.index(name) for name in LOOSE.get(kind, ())}
    found += [
        f"{known[after]} behind {known[before]}"
        for before, after in pairwise(places)
        if after < before and not {before, after} <= free
    ]
    return found


@pytest.mark.parametrize("made", [document(), document("en"), with_everything("x")])
def test_every_property_stands_where_the_standard_has_it(made) -> None:
    found, seen = misplaced(set_document(made))
    assert found == []
    assert seen > 150


def test_the_search_finds_what_is_out_of_order() -> None:
    loose = io.BytesIO()
    with zipfile.ZipFile(loose, "w") as archive:
        inside = '<w:pPr><w:jc w:val="left"/><w:pStyle w:val="A"/><w:tcW/></w:pPr>'
        name = WORDS.strip("{}")
        archive.writestr("word/document.xml", f'<w:p xmlns:w="{name}">{inside}</w:p>')
    assert misplaced(loose.getvalue()) == (
        [
            "word/document.xml: pPr: tcW is not known there",
            "word/document.xml: pPr: pStyle behind jc",
        ],
        1,
    )
