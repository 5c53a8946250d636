"""The page of a statement as a PDF; the same bytes from the same page. WeasyPrint comes with the extra ``pdf``."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec


def can_print() -> bool:
    return find_spec("weasyprint") is not None


def pdf(html: str) -> bytes:
    """Nothing is fetched: a page that names a file or a host is an error of granger's."""
    from weasyprint import HTML

    digest = hashlib.sha256(html.encode("utf-8", "replace")).digest()[:16]
    text = html.encode("utf-8", "replace").decode("utf-8")  # half a character of a data file is no text of a PDF
    found: bytes = HTML(string=text, url_fetcher=_refused).write_pdf(pdf_identifier=digest)
    return found


def _refused(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a statement needs nothing beside it, and yet asks for {url}")
