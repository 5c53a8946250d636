"""The wording of what is wrong with draws, holdbacks and clawbacks."""

from __future__ import annotations

from .wording import Wording

SETTLEMENT: dict[str, Wording] = {
    "draw-amount": Wording(
        "{found!r} is not an amount for each period",
        "write an amount, then `per` and month, quarter, half or year: `2_000 per month`",
    ),
    "draw-not-recovered": Wording(
        "the draw {name!r} is never recovered, so that `{key}` has no meaning",
        "remove `{key}`, or write `recover: from_earnings`",
    ),
    "draw-end": Wording(
        "a draw that is recovered and has an end says what becomes of what is owed then; {name!r} has `before` without"
        " `at_end`",
        "write `at_end: owed` or `at_end: forgiven` too",
    ),
    "draw-dropped": Wording(
        "the draw {name!r} is recovered, and the plan has it no more from {day} on: nothing says what becomes of what"
        " is owed then",
        "write `at_end: owed` or `at_end: forgiven` in this draw",
    ),
    "draw-turned": Wording(
        "the draw {name!r} is {never}recovered here, unlike before: so would be all that was drawn until then",
        "write another name for the draw of this version",
    ),
    "draw-backwards": Wording(
        "the draw {name!r} ends before {before}, and begins on {start}", "write the earlier day as `from`"
    ),
    "recover-at-most": Wording(
        "{found} is not a part of what could be recovered", "write more than 0% and at most 100%, or an amount of money"
    ),
    "draw-limit": Wording("nothing could be drawn: the limit is {found}", "write an amount above zero"),
    "holdback-part": Wording(
        "{found} of what is earned cannot be held back", "write more than 0% and at most 100%, such as 10%"
    ),
    "unknown-component": Wording("this plan has no component {name!r}", "{near}"),
    "released-too-early": Wording(
        "the holdback {name!r} is released on {day}, before the first period of the plan, {period}, is over:"
        " nothing is ever held back",
        "write a later day, or one that moves with the period: `add_months(as_of, 6)`",
    ),
    "clawback-without-credit": Wording(
        "{name!r} is not paid for rows, so that none can be taken back",
        "remove `clawback`, or let the measure count what is left",
    ),
    "clawback-without-window": Wording(
        "`prorate: {prorate}` needs `within`: the time of which a part is left", "add `within: 12 months`"
    ),
    "clawback-in-months": Wording(
        "`prorate: months` counts months, and `within` is {found}", "write `within` in months, or `prorate: days`"
    ),
}
