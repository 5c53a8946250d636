"""The page of a statement as a PDF; the same bytes from the same page. WeasyPrint comes with the extra ``pdf``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec

from ...diagnostics import Diagnostic, RequestRejected
from ...messages import diagnose
from ...policy.model_pay_forms import StatementForms


def unprintable(forms: StatementForms) -> Iterator[Diagnostic]:
    """A problem where a PDF is asked for and nothing is installed that makes one."""
    if "pdf" in forms.forms and find_spec("weasyprint") is None:
        yield diagnose("pdf-not-installed", forms.span)


def pdf(html: str) -> bytes:
    """Nothing is fetched: a page that names a file or a host is an error of granger's.

    Raises RequestRejected where WeasyPrint is not there, or a library that it needs of the system.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise RequestRejected([diagnose("pdf-not-installed", None)]) from error
    digest = hashlib.sha256(html.encode("utf-8", "replace")).digest()[:16]
    text = html.encode("utf-8", "replace").decode("utf-8")  # half a character of a data file is no text of a PDF
    found: bytes = HTML(string=text, url_fetcher=_refused).write_pdf(pdf_identifier=digest)
    return found


def _refused(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a statement needs nothing beside it, and yet asks for {url}")
