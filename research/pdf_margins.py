"""The page numbers and the running title of a PDF, which nobody wants read aloud between two sentences.

PDF/UA asks for them as artifacts. WeasyPrint leaves them as text of a structure that hangs on nothing, because its
tags have no word for an artifact before PDF 2; in the page itself there is one.
"""

import pydyf

PAGINATION = pydyf.Dictionary({"Type": "/Pagination"})


def mark_as_artifacts(document, pdf):
    """What WeasyPrint calls last, before it writes the file."""
    objects = {one.reference: one for one in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    read = set(_below(root["K"], objects))
    nums = objects[root["ParentTree"]]["Nums"]
    for number, parents in zip(nums[::2], nums[1::2], strict=True):
        if isinstance(parents, pydyf.Array):  # of a page; the others are of links
            aside = {at for at, parent in enumerate(parents) if parent not in read}
            parents[:] = ["null" if at in aside else parent for at, parent in enumerate(parents)]
            page = objects[pdf.page_references[number]]
            _set_aside(objects[page["Contents"]].stream, aside)


def _below(children, objects):
    for child in children:
        if child in objects:
            yield child
            yield from _below(objects[child].get("K", []), objects)


def _set_aside(stream, aside):
    for at, operand in enumerate(stream):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in aside:
            stream[at - 1 : at + 1] = ["/Artifact", PAGINATION]
