"""Watchlists: conditions are typed, columns and orders are names seen there, owners exist."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Related
from ...language.infer import expect
from ...language.types import BOOLEAN
from ...messages import diagnose, did_you_mean
from ..model import Measure
from ..model_watchlist import Shown, Watched
from ..names import ACCOUNT, ACCOUNTS, COMPANY, PEOPLE, Holding, Names, Scope
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    seen: dict[str, Watched] = {}
    for policy in force.watchlists:
        for watched in policy.lists:
            other = seen.setdefault(watched.name.casefold(), watched)
            if other is not watched:
                related = [Related(other.span, "the other is here")]
                yield diagnose("duplicate-name", watched.span, what="list", name=watched.name, related=related)
            yield from _watched(force, names, watched)


def _watched(force: InForce, names: Names, watched: Watched) -> Iterator[Diagnostic]:
    roles = [name for name, d in names.definitions.items() if isinstance(d, Holding) and not d.since]
    pers = {m.per for m in force.measures} - {ACCOUNT}
    if watched.per not in (ACCOUNT, COMPANY, *roles, *pers):
        near = did_you_mean(watched.per, [*roles, *sorted(pers), ACCOUNT, COMPANY])
        yield diagnose("unknown-per", watched.per_span, name=watched.per, near=near)
        return
    scope = names.account() if watched.per == ACCOUNT else names.per(watched.per)
    if watched.when is not None:
        yield from expect(watched.when, BOOLEAN, scope.types, scope.elsewhere)[1]
    for shown in (*watched.columns, *watched.order):
        yield from _seen(shown, scope)
    if watched.per not in (ACCOUNT, COMPANY) and not _has_lines(names, watched):
        yield diagnose("list-without-measure", watched.span, name=watched.name, per=watched.per)
    yield from _owner(force, watched, roles)


def _seen(shown: Shown, scope: Scope) -> Iterator[Diagnostic]:
    if shown.name in scope.types:
        return
    why = scope.elsewhere.get(shown.name)
    near = did_you_mean(shown.name, scope.types)
    yield diagnose("name-not-visible" if why else "unknown-name", shown.span, name=shown.name, why=why, near=near)


def _has_lines(names: Names, watched: Watched) -> bool:
    """Whether the list reads a measure of its own ``per``: those who have it are its lines."""
    read = {shown.name for shown in watched.columns} | set(watched.when.names if watched.when is not None else ())
    found = [names.definitions.get(name) for name in read]
    return any(isinstance(d, Measure) and d.per == watched.per for d in found)


def _owner(force: InForce, watched: Watched, roles: list[str]) -> Iterator[Diagnostic]:
    """A role or duty, or, of accounts, a field that holds a person."""
    accounts = force.workspace.shapes.get(ACCOUNTS)
    persons = [f.name for f in accounts.fields if f.kind == "person" or f.refers_to == PEOPLE] if accounts else []
    known = [*roles, *persons] if watched.per == ACCOUNT else [*roles]
    if watched.owner and watched.owner not in known and watched.owner_span is not None:
        near = did_you_mean(watched.owner, known)
        yield diagnose("unknown-role", watched.owner_span, name=watched.owner, near=near)
