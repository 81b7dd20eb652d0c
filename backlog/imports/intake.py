"""The first step: what somebody uploads or pastes becomes a run with headings, a few rows to look at and a guess."""

import re

from django.db import transaction

from backlog.models import ImportFile, ImportRun

from . import table
from .cells import tidy
from .mapping import guess

NAMELESS = "Pasted rows"


@transaction.atomic
def take_in(team, content: bytes, *, by, name="", may_set_value=True) -> ImportRun:
    """Raises ValidationError, with the sentence to show, for what cannot be read."""
    read = table.read(content)
    shown = table.sample(read)
    if not read.sheet:
        for _ in read.rows:  # text reads fast: what is wrong far down is said now
            pass
    mapping = guess(read.columns, shown)
    if not may_set_value:
        mapping.pop("value", None)
    run = ImportRun.objects.create(
        team=team,
        name=clean_name(name),
        sheet=tidy(read.sheet)[:100],
        columns=read.columns,
        sample=[[cell[:200] for cell in cells] for cells in shown],
        mapping=mapping,
        created_by=by,
    )
    ImportFile.objects.create(run=run, content=content)
    return run


def clean_name(name: str) -> str:
    """The file's own name, to know it by: no folders, nothing that cannot be seen."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(one for one in name if one.isprintable())
    return " ".join(name.split())[-100:] or NAMELESS
