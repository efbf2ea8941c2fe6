"""Every face of one report beside floors in the same run.

The simulated district is judged once; each face is then made in a process of its own from the kept
figures: wall and CPU time (of all its threads and children), and the peak of its memory. "together"
makes the six of the issue one after the other in one process, as `rasoat report` does.

What a face imports is loaded before its clock starts, as `rasoat report` has most of it loaded by
then, and as a floor has its library; that loading stands in a column of its own. Floors, their
input made before the clock starts:

- bare typst: Typst compiling the very files that the PDF is compiled from (templates, data, fonts,
  attached figures, charts that are drawn already) to the same standards. Not in it: drawing the
  charts, and the fields for signatures.
- bare xlsxwriter: XlsxWriter writing the same cells without formats.

python benchmarks/reports.py [--machines 568] [--runs 3]
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inventory.store import Store
from policies.load import load_policy
from rasoat import judging
from rasoat.simulated.district import district
from rasoat.simulated.filling import fill
from reports import plain
from reports.faces import FACES, in_order, render
from reports.summary import Summary

TOGETHER = ("pdf", "docx", "xlsx", "html", "csv", "oscal")
FLOORS = ("bare typst", "bare xlsxwriter")
#: what draws and sets, imported at its first use, and by whom
LIBRARIES = {
    "typst": ("pdf", "bare typst"),
    "lets_plot": ("pdf", "docx", "html"),
    "xlsxwriter": ("xlsx", "bare xlsxwriter"),
}
#: a face and its floor
HELD_AGAINST = (
    ("pdf", "bare typst"),
    ("xlsx", "bare xlsxwriter"),
)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
Prepared = Callable[[], Any]


def figures(folder: Path, machines: int) -> tuple[Path, float, float]:
    """The kept figures of a district's report; seconds of judging it, and of summing it up."""
    store = Store.create(folder)
    fill(store, district(1, machines, NOW))
    store.close()
    began = time.perf_counter()
    summary = judging.judged(folder, load_policy("office-baseline"), NOW)
    spent = time.perf_counter() - began
    file = folder / "figures.json"
    began = time.perf_counter()
    file.write_bytes(plain.encode(summary))
    return file, spent, time.perf_counter() - began


def prepared(name: str, summary: Summary) -> Prepared:
    """What is timed: a face, or a floor whose input is made before the clock starts."""
    if name in FACES:
        return lambda: render(summary, name, "vi")
    if name == "bare xlsxwriter":
        return _bare_xlsxwriter(render(summary, "xlsx", "vi"))
    return _bare_typst(summary) if name == "bare typst" else lambda: _together(summary)


def _together(summary: Summary) -> None:
    for one in in_order(TOGETHER):
        render(summary, one, "vi")


def _bare_typst(summary: Summary) -> Prepared:
    import typst

    from reports import evidence, fonts, management
    from reports.pdf import setting

    files = setting.files(management.document(summary, "vi"), evidence.render(summary))
    compiled: Any = typst.compile
    return lambda: compiled(
        files,
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(setting.STANDARDS),
    )


def _bare_xlsxwriter(book: bytes) -> Prepared:
    import openpyxl
    import xlsxwriter

    read = openpyxl.load_workbook(io.BytesIO(book), read_only=True)
    sheets = [[[cell.value for cell in row] for row in one.rows] for one in read.worksheets]

    def write() -> bytes:
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
            for rows in sheets:
                sheet = made.add_worksheet()
                for at, row in enumerate(rows):
                    for column, value in enumerate(row):
                        if isinstance(value, int | float):
                            sheet.write_number(at, column, value)
                        elif value is not None:
                            sheet.write_string(at, column, str(value))
        return target.getvalue()

    return write


def loaded(name: str) -> list[str]:
    """What a face or a floor is imported with."""
    faces = [name] if name in FACES else TOGETHER if name == "together" else ()
    return [FACES[one] for one in faces] + [
        library for library, users in LIBRARIES.items() if name in users or set(faces) & set(users)
    ]


def child(name: str, file: Path) -> None:
    """One measurement in this process, told as JSON."""
    summary = plain.decode(file.read_bytes())
    cpu = _cpu()
    for module in loaded(name):
        import_module(module)
    loading = _cpu() - cpu
    run = prepared(name, summary)
    wall, cpu = time.perf_counter(), _cpu()
    run()
    told = {
        "wall": time.perf_counter() - wall,
        "cpu": _cpu() - cpu,
        "loading": loading,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _cpu() -> float:
    """Seconds of this process and its children, by the program and by the system for it."""
    of = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in of)


def measured(name: str, file: Path, runs: int) -> dict[str, float]:
    """The fastest of some runs, each in a new process; the highest peak."""
    command = [sys.executable, __file__, "--child", name, "--figures", str(file)]
    found = []
    for _ in range(runs):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    least = {key: min(one[key] for one in found) for key in ("wall", "cpu", "loading")}
    return least | {"peak": max(one["peak"] for one in found)}


def main() -> int:
    """Measure and print; 1 when a face is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=568)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child")
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.figures)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file, judging_took, _ = figures(Path(folder) / "data", options.machines)
        size = file.stat().st_size / 2**20
        print(f"{options.machines} machines; judged, kept and summed up in {judging_took:.2f} s; "
              f"{size:.1f} MiB of figures; fastest of {options.runs}")  # fmt: skip
        spent = {}
        for name in (*FACES, "together", *FLOORS):
            one = spent[name] = measured(name, file, options.runs)
            times = f"{one['wall']:6.2f} s wall {one['cpu']:6.2f} s CPU"
            print(f"{name:16} {times} {one['peak']:6.0f} MiB peak, {one['loading']:.2f} s loading")
    for face, *floors in HELD_AGAINST:
        cpu, wall = (
            spent[face][key] / sum(spent[floor][key] for floor in floors) for key in ("cpu", "wall")
        )
        print(f"{face}: {cpu:.2f} × {' + '.join(floors)} by CPU, {wall:.2f} × by wall")
    both = f"{spent['together']['wall']:.2f} s wall, {spent['together']['cpu']:.2f} s CPU"
    print(f"{', '.join(TOGETHER)} together: {both}, of 5 s")
    return 0 if set(TOGETHER) <= set(FACES) else 1


if __name__ == "__main__":
    raise SystemExit(main())
