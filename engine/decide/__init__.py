"""One account at a time, for a webhook: plain dicts in, plain dicts out, no frame and no file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..language.code import NotGenerated
from ..language.generated import Replay
from ..policy.pack import Policies
from ..runners.memory import DEFAULT_HORIZON
from ..tables.records import Unreadable
from . import reference
from .prepared import Prepared
from .reference import Rows

__all__ = ["Deciders", "Rows"]

_MOST_DAYS = 8
"""Days whose policies are kept ready."""

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""Windows and horizons around days between stay inside the calendar."""


class Deciders:
    """Decides accounts by one set of policies, made ready once for each day that is asked for."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._ready: dict[date, Prepared | None] = {}

    def decide(self, account: Mapping[str, object], as_of: date, rows: Rows) -> dict[str, Any]:
        """Tiers, scores and tasks of one account.

        ``account`` holds its fields by name; under the name of a table it may hold its rows there, a list of dicts,
        each of which belongs to it without saying so. ``rows`` brings tables that are nobody's own (people,
        assignments).

        Gives ``account_id``, ``tiers`` and ``health`` (each by policy, with status, reasons and line of policy),
        ``measures`` (of the score), ``tasks`` and ``unserved``. Numbers are exact Fractions; missing is None.

        Nothing is remembered of earlier days: a trigger fires if it may on its first day, and ``hold`` and ``settle``
        do nothing.

        Raises RequestRejected for a name that is neither field nor table, DataRejected for values that do not fit.
        """
        prepared = self.on(as_of)
        if prepared is not None:
            try:
                return prepared.decide(account, rows)
            except Replay:
                return reference.decide(self.policies, account, as_of, rows)
        return reference.decide(self.policies, account, as_of, rows)

    def on(self, as_of: date) -> Prepared | None:
        """The policies of that day; None where the reference must decide every account."""
        if as_of not in self._ready:
            if len(self._ready) >= _MOST_DAYS:
                del self._ready[next(iter(self._ready))]
            self._ready[as_of] = self._prepared(as_of)
        return self._ready[as_of]

    def _prepared(self, as_of: date) -> Prepared | None:
        if type(as_of) is not date or not _FIRST_DAY <= as_of <= _LAST_DAY:
            return None
        try:
            return Prepared(self.policies, as_of, DEFAULT_HORIZON)
        except (NotGenerated, Unreadable, RecursionError):
            return None  # the reference decides, or says what is wrong
