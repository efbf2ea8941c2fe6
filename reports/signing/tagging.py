"""A form field in the structure tree: PDF/UA and PDF/A level A want every widget to stand there."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
    PdfObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def tagged(update: IncrementalPdfFileWriter, field: IndirectObject) -> None:
    """Put a field, which is its own widget, behind all that the tree holds; no tree: nothing."""
    if "/StructTreeRoot" not in update.root:
        return
    tree = update.root["/StructTreeRoot"]
    widget = field.get_object()
    parent = tree["/K"].raw_get(0)
    element = update.add_object(_element(widget, field, parent))
    _appended(update, parent.get_object(), element)
    widget[pdf_name("/StructParent")] = _filed(update, tree, element)
    update.update_container(widget)


def _element(
    widget: DictionaryObject, field: IndirectObject, parent: IndirectObject
) -> DictionaryObject:
    shown = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/OBJR"),
            pdf_name("/Obj"): field,
            pdf_name("/Pg"): widget.raw_get("/P"),
        }
    )
    return DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/StructElem"),
            pdf_name("/S"): pdf_name("/Form"),
            pdf_name("/P"): parent,
            pdf_name("/Alt"): widget["/TU"],
            pdf_name("/K"): shown,
        }
    )


def _appended(
    update: IncrementalPdfFileWriter, parent: DictionaryObject, element: PdfObject
) -> None:
    kids = parent["/K"]
    if isinstance(kids, ArrayObject):
        kids.append(element)
        update.update_container(kids)
    else:
        parent[pdf_name("/K")] = ArrayObject([parent.raw_get("/K"), element])
        update.update_container(parent)


def _filed(
    update: IncrementalPdfFileWriter, tree: DictionaryObject, element: IndirectObject
) -> NumberObject:
    """The key under which the tree of parents finds the element: the next one."""
    key = NumberObject(tree["/ParentTreeNextKey"])
    tree[pdf_name("/ParentTreeNextKey")] = NumberObject(key + 1)
    update.update_container(tree)
    parents = tree["/ParentTree"]
    if "/Nums" in parents:
        parents["/Nums"].extend([key, element])
        update.update_container(parents["/Nums"])
    else:
        limits = ArrayObject([key, key])
        leaf = {pdf_name("/Limits"): limits, pdf_name("/Nums"): ArrayObject([key, element])}
        parents["/Kids"].append(update.add_object(DictionaryObject(leaf)))
        update.update_container(parents["/Kids"])
    return key
