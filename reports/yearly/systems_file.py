"""``systems.yaml``: the office's information systems, read strictly, every problem at its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from inventory.yaml_tree import Broken, Node, read_tree
from language.said import NOTHING, Said, said
from language.texts import Words, both
from policies.fields import Fields
from policies.frameworks import Framework, load_framework
from policies.problems import PolicyNotFound, PolicyRefused, Problems, did_you_mean, meant
from reports.yearly.systems import DEPLOYMENT, DOSSIER, LEVELS, Plan, System

FILE = "systems.yaml"  #: its name in a data folder
FRAMEWORK = "tcvn-14423-2026"  #: where a system names no other

_A_SYSTEM, _A_PLAN = said("a system"), said("a plan")
_FILE = {"systems": "the list of the office's information systems"}
_SYSTEM = {
    "name": "its name, as in the decision on its level",
    "owner": "who owns it (chủ quản)",
    "operator": "who runs it (đơn vị vận hành)",
    "level": "1 to 5: approved, or proposed",
    "dossier": "where the dossier on its level stands, in the form's own words",
    "decision": "number of the decision on its level",
    "decided_on": "the day of that decision, such as 2026-09-01",
    "deployment": "how far its protection is carried out, in the form's own words",
    "assessed_on": "the day of the last inspection",
    "deadline": "the day when everything shall be carried out",
    "note": "anything else",
    "inspected": "yes: it is the computers that Rà Soát looks at",
    "framework": f"the standard of its requirements; left out: {FRAMEWORK}",
    "plans": "what will be done about requirements that are not fully met",
}
_PLAN = {
    "requirement": "the clause, as rasoat framework show names it",
    "plan": "what will be done",
    "until": "the day when it will be done",
}

TEMPLATE = """\
# The information systems of the office, for the yearly form (rasoat report yearly).
# What is left out is printed as dots, and the form says who must supply it: guess nothing.
# A text is for both languages, or {vi: …, en: …}. No such system exists: put in your own.
#   dossier:    Đang dự thảo | Đã gửi thẩm định | Đã thẩm định | Đã được phê duyệt
#   deployment: Chưa triển khai | Đã triển khai một số hạng mục | Đã triển khai đầy đủ
systems:
  - name: {vi: "Mạng nội bộ và máy tính văn phòng", en: "Office network and computers"}
    owner: {vi: "UBND xã Mô Phỏng", en: "People's Committee of Simulated Commune"}
    operator: {vi: "Văn phòng HĐND và UBND", en: "Office of the People's Council and Committee"}
    level: 2
    dossier: Đã được phê duyệt
    decision: 12/QĐ-UBND
    decided_on: 2026-09-01
    deployment: Đã triển khai một số hạng mục
    assessed_on: 2026-10-15
    deadline: 2027-06-30
    inspected: yes          # of one system at most: the computers that Rà Soát looks at
    framework: tcvn-14423-2026
    plans:
      - requirement: "4.5.2.1 b"
        plan: {vi: "Bật tường lửa bằng GPO trên mọi máy", en: "Firewall on by GPO on every machine"}
        until: 2027-03-31
  - name: {vi: "Trang thông tin điện tử", en: "Web site"}
    owner: {vi: "UBND xã Mô Phỏng", en: "People's Committee of Simulated Commune"}
    operator: {vi: "Phòng Văn hóa - Xã hội", en: "Office of culture and society"}
    level: 2
    dossier: Đã gửi thẩm định
    deployment: Chưa triển khai
"""


def read(file: Path) -> tuple[System, ...]:
    """The systems in a file, in its order.

    Raises:
        PolicyRefused: the file is wrong; all problems are named.
        OSError: it cannot be read.
    """
    problems = Problems(str(file))
    tree = read_tree(file.read_bytes(), problems)
    if isinstance(tree, Broken):
        if not problems.found:
            problems.add(
                tree.place, said("the file is empty; see: rasoat report yearly --template")
            )
        raise PolicyRefused(problems.found)
    found = _Reader(problems).systems(tree)
    if problems.found:
        raise PolicyRefused(problems.found)
    return found


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.inspected = ""  #: the name of the system that is

    def systems(self, tree: Node) -> tuple[System, ...]:
        """The whole file."""
        fields = Fields(tree, said("the file"), _FILE, self.problems)
        nodes = fields.items("systems", required=True)
        if "systems" in fields and not nodes:
            fields.complain("systems", said("no system; see: rasoat report yearly --template"))
        found = (self.system(Fields(one, _A_SYSTEM, _SYSTEM, self.problems)) for one in nodes)
        return tuple(one for one in found if one is not None)

    def system(self, fields: Fields) -> System | None:
        """One system; None where it has no name."""
        name = self.words(fields, "name", required=True)
        inspected = self.seen(fields, name)
        framework, level = self.framework(fields), self.level(fields)
        made = System(
            name=name,
            owner=self.words(fields, "owner"),
            operator=self.words(fields, "operator"),
            level=level,
            dossier=_fixed(fields, "dossier", DOSSIER),
            decision=fields.text("decision") or "",
            decided_on=_day(fields, "decided_on"),
            deployment=_fixed(fields, "deployment", DEPLOYMENT),
            assessed_on=_day(fields, "assessed_on"),
            deadline=_day(fields, "deadline"),
            note=self.words(fields, "note"),
            inspected=inspected,
            framework=framework.name if framework else "",
            plans=tuple(self.plans(fields, framework, level or 0, inspected=inspected)),
        )
        return made if name else None

    def words(self, fields: Fields, key: str, *, required: bool = False) -> Words:
        found = fields.words(key, required=required)
        return {"vi": found.vi, "en": found.en} if found else {}

    def level(self, fields: Fields) -> int | None:
        text = fields.text("level")
        if text is None:
            return None
        if text in map(str, LEVELS):
            return int(text)
        fields.complain("level", said("{text} is no level; write 1, 2, 3, 4 or 5", text=text))
        return None

    def seen(self, fields: Fields, name: Words) -> bool:
        """Whether Rà Soát looks at it; of two nobody could tell whose the figures are."""
        looked_at = fields.one_of("inspected", ("yes", "no"), "no") == "yes"
        if looked_at and self.inspected:
            fields.complain(
                "inspected",
                said("{name} is it already; one system can be", name=self.inspected),
            )
        elif looked_at:
            self.inspected = name.get("vi", "a system")
        return looked_at

    def framework(self, fields: Fields) -> Framework | None:
        try:
            return load_framework(fields.text("framework") or FRAMEWORK)
        except (PolicyNotFound, PolicyRefused) as fault:
            fields.complain("framework", _first(fault))
            return None

    def plans(
        self, fields: Fields, known: Framework | None, level: int, *, inspected: bool
    ) -> Iterator[Plan]:
        """What is planned; requirements are listed of the inspected system alone."""
        nodes = fields.items("plans")
        if nodes and not inspected:
            fields.complain("plans", said("requirements are listed only where inspected is yes"))
            return
        seen: set[str] = set()
        for node in nodes:
            inner = Fields(node, _A_PLAN, _PLAN, self.problems)
            clause = inner.text("requirement", required=True)
            what = self.words(inner, "plan", required=True)
            until = _day(inner, "until", required=True)
            if clause is None:
                continue
            if clause in seen:
                inner.complain("requirement", said("{clause} is planned twice", clause=clause))
            seen.add(clause)
            self.known(inner, clause, known, level)
            yield Plan(clause, what, until)

    def known(self, fields: Fields, clause: str, known: Framework | None, level: int) -> None:
        """Say it where the plan would stand nowhere: its clause is none, or is not asked."""
        if known is None:
            return
        ids = [one.id for one in known.requirements]
        asked = {one.id for one in known.asked(level)}
        if clause in ids and clause not in asked:
            instead = [one.id for one in known.requirements if one.instead_of == clause]
            hint = meant(instead[0]) if instead and instead[0] in asked else NOTHING
            fields.complain(
                "requirement",
                said(
                    "{clause} is not asked of a system of level {level}{hint}",
                    clause=clause,
                    level=level,
                    hint=hint,
                ),
            )
        elif clause not in ids:
            hint = did_you_mean(clause, ids) or said(
                "; see: rasoat framework show {name}", name=known.name
            )
            fields.complain(
                "requirement",
                said("{name} has no {clause}{hint}", name=known.name, clause=clause, hint=hint),
            )


def _first(fault: PolicyNotFound | PolicyRefused) -> Said:
    """Of a file with several problems, the first."""
    return fault.problems[0].__str__() if isinstance(fault, PolicyRefused) else fault.said


def _fixed(fields: Fields, key: str, words: tuple[str, ...]) -> str:
    """One of the form's own words, in whatever form its letters are composed."""
    text = fields.text(key)
    choices = {both(one)["vi"]: one for one in words}
    composed = unicodedata.normalize("NFC", text or "")
    if text is None or composed in choices:
        return choices.get(composed, "")
    fields.complain(
        key,
        said(
            "{text} is none of {choices}{hint}",
            text=text,
            choices=", ".join(choices),
            hint=did_you_mean(text, choices),
        ),
    )
    return ""


def _day(fields: Fields, key: str, *, required: bool = False) -> str:
    text = fields.text(key, required=required)
    if text is None:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        fields.complain(key, said("{text} is no day such as 2027-06-30", text=text))
        return ""
