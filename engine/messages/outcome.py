"""The wording of what came out: bounds, overlaps, overrides, pay."""

from __future__ import annotations

from .wording import WARNING, Wording

OUTCOME: dict[str, Wording] = {
    "list-undecided": Wording(
        "on {day} it cannot be decided for {count} whether they are on the list {name!r}: {some}",
        "fill in what is missing, or say with is_missing(…) or coalesce(…) what it means",
        WARNING,
    ),
    "setting-out-of-bounds": Wording(
        "{name!r} is {found}; it must be {word} {bound}", "change the value, or the bound if the bound is wrong"
    ),
    "setting-missing": Wording("{name!r} has no value (a division by zero?)", "a setting must have a value"),
    "override-over": Wording(
        "the override{of} ended on {end} and is not used",
        "remove the row, or decide anew with a later end",
        WARNING,
    ),
    "override-incomplete": Wording("the override{of} is not used: {absent} is empty", "fill it in", WARNING),
    "override-unknown-account": Wording(
        "the override names the account {account!r}, which the table of accounts does not have; it is not used",
        "correct the account, or remove the row",
        WARNING,
    ),
    "override-unknown-tier": Wording(
        "the override names the tier {tier!r}, which the policy does not have; it is not used", "{near}", WARNING
    ),
    "override-twice": Wording(
        "a second override of account {account} holds on the same day and is not used", "keep one", WARNING
    ),
    "time-off-backwards": Wording(
        "{person} is off from {start} on and back before: the last day is {end}; the row is not used",
        "correct one of the two days",
        WARNING,
    ),
    "own-substitute": Wording(
        "{person} is named as the own substitute: nobody stands in", "name another person, or nobody", WARNING
    ),
    "substitutes-in-circle": Wording(
        "those who stand in for {person} are off too and hand the work back: nobody stands in while all are off",
        "name somebody who is there",
        WARNING,
    ),
    "place-unknown": Wording(
        "{person}: no holidays are known for {found!r}; those of the workspace count",
        "write the two capital letters of a country, such as CN, and the code of its subdivision",
        WARNING,
    ),
    "weekday-unknown": Wording(
        "{person}: {found!r} is no weekday; the week of the workspace counts",
        "write the days worked, such as `MO TU WE TH`",
        WARNING,
    ),
    "week-without-day": Wording(
        "{person}: the week has no day; that of the workspace counts",
        "write the days worked, such as `MO TU WE TH`, or leave the cell empty",
        WARNING,
    ),
    "holidays-provisional": Wording(
        "the holidays of {where} in {year} are not announced yet, or only estimated: what rests on them may move",
        "run again once they are; each such task says so under `moved`",
        WARNING,
    ),
    "role-without-cost": Wording(
        "what the role {name!r} does has no cost, so that budgets with its touches cannot be reckoned",
        "add `cost: 60 per hour`",
        WARNING,
    ),
    "undated-rows": Wording(
        "{rows} of table {table!r} have no {field} and may count; without a date a row is in no pay period",
        "fill in the date: such rows are neither paid nor waiting",
        WARNING,
    ),
    "not-due-yet": Wording(
        "{rows} of table {table!r} have no {field} yet: what they are credited with on that day is not due",
        "nothing to do, unless the day is known",
        WARNING,
    ),
    "people-in-circle": Wording(
        "by {field} these stand above each other: {people}; credits that go up through them wait",
        "say who is above whom",
        WARNING,
    ),
    "payee-undecided": Wording(
        "whether {person} is a payee of {plan!r} cannot be decided: a field that `payees` reads is empty",
        "fill it in",
        WARNING,
    ),
    "use-case-unknown": Wording(
        "no entry of {policy!r} is of the use case {name!r}: whether the account is successful stays undecided",
        "{near}",
        WARNING,
    ),
    "tiers-overlap": Wording(
        "two rows of {policy!r} hold at once, for example where {witness}",
        "make the conditions exclude each other, or write `hit_policy: first`",
    ),
    "tier-gap": Wording(
        "no row of {policy!r} holds, for example where {witness}", "add a row, or an `otherwise`", WARNING
    ),
    "row-unreachable": Wording(
        "the row {tier!r} of {policy!r} was hit by none of {tried} tried accounts at and around the edges of all rows",
        "the rows above take all of its accounts, or its condition contradicts itself",
        WARNING,
    ),
    "previous-unreadable": Wording(
        "{folder!r} is not the folder of an earlier run, or its {file} was changed",
        "name the folder that an earlier `granger run --out` wrote",
    ),
    "previous-of-old": Wording(
        "{file} in {folder!r} is of an older granger, and does not say all that is needed",
        "run that day anew with this one, or leave out `--previous`",
    ),
    "form-value-missing": Wording(
        "{header} is empty for {tasks} of {file}: {who} without {field}",
        "fill it in, for {names}; until then the CRM decides whose they are",
        WARNING,
    ),
    "since-unreadable": Wording(
        "{file} is not a tasks.csv of this granger's, and no table `tasks` in granger.yaml says what its columns are",
        "name the tasks.csv of an earlier run, or declare the table `tasks` for what your CRM exports",
    ),
    "tasks-of-another-workspace": Wording(
        "{file} holds tasks of another workspace: none of them is of a playbook and an account of this one",
        "name the tasks of this workspace; where its only playbook was renamed, leave them out once",
    ),
    "decided-afresh": Wording(
        "{policy!r} remembers by `{key}` what an earlier run decided, and none says it: all is decided afresh",
        "name the folder of the run before with `--previous`",
        WARNING,
    ),
    "table-not-declared": Wording("no table {name!r} is declared in granger.yaml", "tables: {known}"),
    "reading-unknown": Wording("{found!r} is no way to read expressions", "leave it out, or take one of: {known}"),
    "period-unknown": Wording("{found!r} is not a period", "write 2026, 2026-H2, 2026-Q3 or 2026-09"),
    "period-not-over": Wording(
        "period {period} of plan {plan!r} is not over on {as_of}: its pay is so far",
        "it may still change, and is locked once the period is over",
        WARNING,
    ),
    "period-pays-nothing": Wording(
        "no plan has a period within {period}", "name a period at least as long as those of the plans"
    ),
    "test-failed": Wording(
        "{wanted} of the rows of {output} must have these fields, found {found}: {near}",
        "correct the policy, or what is expected",
    ),
    "test-unknown-field": Wording("{output} has no field {names}", "name fields of the output file"),
    "test-unknown-setting": Wording("no library has a setting {names}", "name a setting of the workspace"),
    "test-bad-row": Wording("a given row is not fit: {what}", "correct the row"),
    "day-out-of-reach": Wording("a run looks at a day from {first} to {last}, found {found}"),
    "value-refused": Wording("{table}, {column}: {value!r} is refused: {reason}"),
    "rows-expected": Wording("{name!r} is a table: a list of dicts is expected there"),
    "facts-computed": Wording(
        "plan {plan!r} reads the tiers and scores of {day}; they are computed from accounts as they are now",
        "where accounts have changed since, keep the run of that day beside the pay",
        WARNING,
    ),
    "held-without-plan": Wording(
        "what {plan!r} held back of {people} is due since {day}, and no version of it is in force to release it",
        "let a version of the plan run until all is released: with `payees: false` it pays nothing else",
        WARNING,
    ),
    "carried-without-pay": Wording(
        "{amount} is still owed to {plan!r} by {people}: a total below zero was carried on, and nothing is paid here"
        " that could take it in",
        "see with `granger ledger show` what it came from; collect it, or let it stand until they are paid again",
        WARNING,
    ),
    "drawn-without-pay": Wording(
        "{amount} of draws is still owed to {plan!r} by {people}, and nothing is paid here that could pay it back",
        "collect it, or let it stand until they are paid again in that currency",
        WARNING,
    ),
    "history-from-nothing": Wording(
        "nothing is known of the periods before {period}, in which {plan!r} paid too: draws, holdbacks and clawbacks"
        " start from nothing",
        "pay all periods in a row, or name the ledger that has them",
        WARNING,
    ),
    "pdf-not-installed": Wording(
        "statements are asked for as PDF, and WeasyPrint is not installed, or what it needs of the system (Pango)",
        "install granger[pdf], or ask for html, which prints well",
    ),
}
