"""All policies of a workspace, their versions, and what is in force on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from ..language.expression import constant
from ..language.tree import Expression, Literal
from ..periods import Duration
from ..source.document import Document
from .model import Duty, Library, Measure, Playbook, Policy, Segmentation, Setting, Touch, Workspace
from .model_health import Health
from .model_life import Lifecycle
from .model_pay import Plan
from .model_staffing import Staffing
from .model_success import Success
from .model_watchlist import Watchlist

_MOST_DAYS = 64
MOST_OF_A_DURATION = 100_000
"""A duration counts fewer units than this."""


@dataclass(frozen=True, eq=False)
class InForce:
    """The one version of every policy that holds on ``day``; each tuple is in the order of names. It is itself alone:
    what is worked out of it is remembered by it."""

    workspace: Workspace
    day: date
    libraries: tuple[Library, ...]
    segmentations: tuple[Segmentation, ...]
    healths: tuple[Health, ...]
    playbooks: tuple[Playbook, ...]
    plans: tuple[Plan, ...]
    staffings: tuple[Staffing, ...] = ()
    lifecycles: tuple[Lifecycle, ...] = ()
    watchlists: tuple[Watchlist, ...] = ()
    successes: tuple[Success, ...] = ()

    @property
    def policies(self) -> tuple[Policy, ...]:
        """All of them, a kind after the other."""
        decided = (*self.segmentations, *self.healths, *self.lifecycles, *self.successes)
        return (*self.libraries, *decided, *self.playbooks, *self.plans, *self.staffings, *self.watchlists)

    @property
    def settings(self) -> tuple[Setting, ...]:
        return tuple(setting for library in self.libraries for setting in library.settings)

    @property
    def duties(self) -> tuple[Duty, ...]:
        return tuple(duty for library in self.libraries for duty in library.duties)

    @property
    def measures(self) -> tuple[Measure, ...]:
        return self.workspace.measures + tuple(m for library in self.libraries for m in library.measures)


@dataclass(frozen=True)
class Policies:
    """A decoded workspace. ``digest`` is the SHA-256 of all its policy texts."""

    workspace: Workspace
    policies: tuple[Policy, ...]
    digest: str
    _in_force: dict[date, InForce] = field(default_factory=dict, init=False, repr=False, compare=False)

    def on(self, day: date) -> InForce:
        """Made once for each day, of which the last few are remembered."""
        if day not in self._in_force:
            if len(self._in_force) >= _MOST_DAYS:
                del self._in_force[next(iter(self._in_force))]
            self._in_force[day] = self._on(day)
        return self._in_force[day]

    def _on(self, day: date) -> InForce:
        def held(kind: type[Policy]) -> Iterable[Policy]:
            found = (p for p in self.policies if isinstance(p, kind) and day in p.effective)
            ordered = sorted(found, key=lambda policy: (policy.name, policy.effective.start, policy.file))
            # of versions that overlap, which was reported, the latest: its names have no twins in the others
            return {policy.name: policy for policy in ordered}.values()

        libraries = tuple(p for p in held(Library) if isinstance(p, Library))
        figures = {
            s.name: whole for library in libraries for s in library.settings if (whole := whole_of(s)) is not None
        }
        return InForce(
            self.workspace,
            day,
            libraries,
            tuple(p for p in held(Segmentation) if isinstance(p, Segmentation)),
            tuple(p for p in held(Health) if isinstance(p, Health)),
            tuple(with_figures(p, figures) for p in held(Playbook) if isinstance(p, Playbook)),
            tuple(p for p in held(Plan) if isinstance(p, Plan)),
            tuple(p for p in held(Staffing) if isinstance(p, Staffing)),
            tuple(p for p in held(Lifecycle) if isinstance(p, Lifecycle)),
            tuple(p for p in held(Watchlist) if isinstance(p, Watchlist)),
            tuple(p for p in held(Success) if isinstance(p, Success)),
        )

    def setting_names(self) -> set[str]:
        return {s.name for p in self.policies if isinstance(p, Library) for s in p.settings}

    def with_settings(self, values: Mapping[str, Expression]) -> Policies:
        """The same policies with these settings turned, in every version of their libraries."""

        def turned(policy: Policy) -> Policy:
            if not isinstance(policy, Library):
                return policy
            settings = (
                replace(s, value=_turned(s, values[s.name])) if s.name in values else s for s in policy.settings
            )
            return replace(policy, settings=tuple(settings))

        return replace(self, policies=tuple(turned(policy) for policy in self.policies)) if values else self

    def version_days(self) -> tuple[date, ...]:
        """The days on which what is in force changes, rising; without any policy the first of all days."""
        starts = {p.effective.start for p in self.policies}
        return tuple(sorted(starts | {p.effective.before for p in self.policies if p.effective.before})) or (date.min,)

    def version_day(self, day: date) -> date:
        """The last day up to ``day`` on which what is in force changed; ``day`` itself before the first."""
        earlier = [change for change in self.version_days() if change <= day]
        return earlier[-1] if earlier else date.min


def whole_of(setting: Setting) -> int | None:
    """The whole number that a setting is written as; None where it is something else, or has to be worked out."""
    written = setting.value.root.value if isinstance(setting.value.root, Literal) else None
    whole = isinstance(written, Fraction) and written.denominator == 1 and abs(written) < MOST_OF_A_DURATION
    return int(written) if isinstance(written, Fraction) and whole else None


def with_figures(playbook: Playbook, figures: Mapping[str, int]) -> Playbook:
    """The playbook with the figures of settings put into when its touches are due; what has none stays, and is
    reported by the checks."""
    if not any(touch.due_setting in figures for play in playbook.plays for touch in play.touches):
        return playbook

    def filled(touch: Touch) -> Touch:
        sign, figure = touch.due.count, figures.get(touch.due_setting)
        return touch if figure is None else replace(touch, due=Duration(sign * figure, touch.due.unit))

    plays = (replace(play, touches=tuple(filled(touch) for touch in play.touches)) for play in playbook.plays)
    return replace(playbook, plays=tuple(plays))


def _turned(setting: Setting, value: Expression) -> Expression:
    """The new value of a setting; of a choice it is a word, not an expression."""
    return constant(word_of(value), value.text, value.origin) if setting.one_of else value


def word_of(value: Expression) -> str:
    """A word as it is written, with quotation marks of the language or without."""
    written = value.root.value if isinstance(value.root, Literal) else None
    return written if isinstance(written, str) else value.text


def digest_of(documents: Iterable[Document]) -> str:
    """SHA-256 over the policy files in the order of their paths; line endings do not count."""
    total = hashlib.sha256()
    for document in sorted(documents, key=lambda d: d.file):
        text = "\n".join(document.lines)
        total.update(f"{document.file}\0{len(text)}\0{text}\0".encode())
    return total.hexdigest()
