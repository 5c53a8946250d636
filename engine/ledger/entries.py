"""An entry of the ledger: canonical bytes, and the chain of digests by which an edit shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"
"""No floats: exact numbers are texts."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a ledger, as far as its follower must know it."""

    sequence: int = 0
    hash: str = "0" * 64


NO_ENTRY = Head()


@dataclass(frozen=True, slots=True)
class Entry:
    """``payload`` is canonical JSON, a record a line: what is posted first, then what it rests on.

    ``hash`` is the SHA-256 of the other four; ``previous`` is that of the entry before.
    """

    sequence: int
    period: str
    previous: str
    payload: str
    hash: str

    @property
    def head(self) -> Head:
        return Head(self.sequence, self.hash)

    @property
    def first(self) -> Mapping[str, Json]:
        """What is posted, without what it rests on."""
        return _record(self.payload.partition("\n")[0])

    @property
    def rest(self) -> Iterator[Mapping[str, Json]]:
        """What it rests on."""
        return map(_record, self.payload.split("\n")[1:])


Posting: TypeAlias = tuple[str, str]
"""The period and the payload of an entry that is not chained yet."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical(record: Mapping[str, Json]) -> str:
    """The one text of a record: keys in order, no space, nothing but ASCII, so that no database can change a byte."""
    return _CANONICAL.encode(record)


def _record(text: str) -> Mapping[str, Json]:
    """Raises ValueError for a text that granger has not written."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("a record is a JSON object")
    return found


def payload_of(records: Iterable[Mapping[str, Json]]) -> str:
    return "\n".join(map(canonical, records))


def digest(sequence: int, period: str, previous: str, payload: str) -> str:
    text = f"{sequence}\n{period}\n{previous}\n{payload}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chained(head: Head, postings: Iterable[Posting]) -> list[Entry]:
    """The postings as entries that follow ``head``."""
    entries: list[Entry] = []
    for period, payload in postings:
        sequence = head.sequence + 1
        entries.append(Entry(sequence, period, head.hash, payload, digest(sequence, period, head.hash, payload)))
        head = entries[-1].head
    return entries
