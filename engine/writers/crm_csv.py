"""The import file of a CRM: the columns that its form names, a line for each step of the plan that it can take.

Texts are guarded as in every CSV file of granger: people open these in a spreadsheet before they import them. A text
that begins like a formula keeps its apostrophe in the CRM; keys and the ids of CRMs never begin so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import BinaryIO

from ..outcome.tasks.crm import Rows
from ..outcome.tasks.planned import Planned
from ..policy.model_forms import CrmForm
from ..progress import Progress
from ..tables.shape import Table
from .csv_file import guarded, written
from .folder import Content

AT_ONCE = 10_000
"""Lines that are held as text at once."""


def crm_file(form: CrmForm, plan: Callable[[], Iterable[Planned]], tables: Mapping[str, Table]) -> Content:
    """Writes the file of ``form`` for a plan that is told from its start whenever it is asked for."""

    def write(out: BinaryIO, progress: Progress) -> None:
        rows = Rows(form, tables).of(plan())
        progress.begin(f"writing {form.crm.file}", "rows")
        out.write(written([[guarded(column.header) for column in form.columns]]).encode())
        while some := list(islice(rows, AT_ONCE)):
            text = written([guarded(cell) for cell in row] for row in some)
            out.write(text.encode("utf-8", "surrogatepass"))
            progress.advance(len(some))
        progress.end()

    return write
