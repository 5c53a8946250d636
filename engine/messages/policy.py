"""The wording of what policies say against each other."""

from __future__ import annotations

from .wording import WARNING, Wording

POLICY: dict[str, Wording] = {
    "unknown-currency": Wording(
        "{found!r} is no currency of ISO 4217", "write three capital letters such as CNY, USD or EUR"
    ),
    "unknown-timezone": Wording("{found!r} is no time zone", "write a name such as Asia/Shanghai or Europe/Berlin"),
    "unknown-role": Wording(
        "nobody has the role {name!r}: it is neither under `roles` in granger.yaml nor a field that holds a person",
        "{near}",
    ),
    "unknown-field": Wording("this table has no field {name!r}", "{near}"),
    "unknown-table": Wording("there is no table {name!r} in granger.yaml", "{near}"),
    "unknown-country": Wording(
        "no holidays are known for {found!r}",
        "write a country of ISO 3166 such as CN, US or GB, and its subdivision beside it",
    ),
    "subdivision-without-country": Wording(
        "{found!r} is a part of a country, but the calendar names none", "add `country:`, such as DE for BY"
    ),
    "days-backwards": Wording(
        "these days end on {until}, before they begin on {start}", "`until` is the last day, and counts"
    ),
    "day-off-and-worked": Wording(
        "from {day} on there is a day that is both off and worked", "keep it in `days_off` or in `days_worked`"
    ),
    "queue-not-last": Wording(
        "{name!r} is a queue, which takes whatever comes: what stands after it is never tried", "write it last"
    ),
    "queue-falls-back": Wording(
        "{name!r} is a queue, where work lies until somebody takes it: it needs nobody to stand in",
        "remove `fallback`, or `queue: true`",
    ),
    "time-off-without-dates": Wording(
        "the time off does not say from when to when it is",
        "add `valid: {{from: starts_on, until: ends_on}}` with the names of the two date fields",
    ),
    "field-of-kind": Wording(
        "the field {name!r} is of kind {found}; a field of kind {expected} is expected here",
        "name another field, or change its `kind`",
    ),
    "key-of-kind": Wording(
        "`{key}` has a meaning for kind {expected} only; this field is of kind {found}",
        "remove `{key}`, or write `kind: {expected}`",
    ),
    "enum-without-words": Wording(
        "the field {name!r} is of kind enum but does not say which words it may hold",
        "add `one_of: [...]`, or write `kind: text`",
    ),
    "reference-without-key": Wording(
        "this field refers to table {table!r}, which has no `key`", "add `key:` to that table"
    ),
    "table-needed": Wording("a table {table!r} is needed: {why}", "declare it under `tables` in granger.yaml"),
    "field-needed": Wording(
        "the table {table!r} needs a field {name!r}", "map it under `fields`; `column:` names the header of the export"
    ),
    "key-needed": Wording("the table {table!r} must have `key: {name}`", "write it beside `file:`"),
    "terms-without-dates": Wording(
        "the terms do not say from when they are agreed",
        "add `valid: {{from: starts_on, before: ends_on}}` with the names of the two date fields",
    ),
    "terms-of-whom": Wording(
        "`person` of the terms does not say that it names a row of people", "write `person: {{refers_to: people}}`"
    ),
    "assignments-without-dates": Wording(
        "the assignments do not say from when to when they hold",
        "add `valid: {{from: starts_on, before: ends_on}}` with the names of the two date fields",
    ),
    "overrides-without-end": Wording(
        "the overrides in table {table!r} never run out", "add `valid: {{until: until_on}}`: an override has a last day"
    ),
    "table-without-account": Wording(
        "the rows of table {table!r} lead to no account", "give it one field with `refers_to: accounts`"
    ),
    "table-without-use-case": Wording(
        "table {table!r} does not say which use case its rows are of", "give it a field `use_case`"
    ),
    "table-without-day": Wording(
        "{name!r} looks at dates, but table {table!r} does not say which date its rows have",
        "add `dated_by:` with the name of a date field",
    ),
    "measure-without-verb": Wording(
        "the measure {name!r} must have one of value, count, sum, average, min, max, latest, earliest, any, share,"
        " distinct, since; found {found}",
        "keep one",
    ),
    "measure-without-table": Wording(
        "the measure {name!r} aggregates with {verb!r} but names no table", "add `table:`"
    ),
    "value-over-rows": Wording(
        "`{key}` belongs to a measure over the rows of a table; this one has a `value`", "remove `{key}`"
    ),
    "since-without-day": Wording(
        "the measure {name!r} says since when rows are in force, but not on which day they are to be",
        "add `at:`, as in `at: as_of`",
    ),
    "at-and-window": Wording(
        "the measure {name!r} has both `at` and `window`: rows in force on a day, or rows dated in a time", "keep one"
    ),
    "table-without-validity": Wording(
        "{name!r} asks for the rows in force on a day, but table {table!r} does not say from when to when its rows are",
        "add `valid: {{from: starts_on, before: ends_on}}` with the names of the two date fields",
    ),
    "measure-kept-from": Wording(
        "the {kind} policy {policy!r} reads the measure {name!r}, which is for {kinds} only",
        "use another measure, or add {kind} to its `used_by`",
    ),
    "window-form": Wording(
        "`from` is not before `before`, so that this window holds no day",
        "write the earlier end as `from`: {{from: -35 days, before: -7 days}}",
    ),
    "reserved-name": Wording(
        "{name!r} is a word of the expression language, so that no expression can read this {what}",
        "choose another name",
    ),
    "setting-form": Wording("the setting {name!r} needs either `value` or `choice`", "keep one of the two"),
    "choice-without-words": Wording("the setting {name!r} is a choice but does not say of what", "add `one_of: [...]`"),
    "choice-unknown": Wording("{found!r} is none of the words of this choice: {words}", "choose one of them"),
    "bound-of-kind": Wording("the bound of {name!r} is not of its kind, {found}", "write bound and value in one unit"),
    "twin-name": Wording(
        "the name {name!r} is taken", "rename one of the two: a name has one meaning wherever it can be seen"
    ),
    "duplicate-name": Wording("there are two {what}s named {name!r} in this policy", "rename one of them"),
    "circular-definition": Wording(
        "this is defined by itself: {way}", "break the circle: one of them must not read the next"
    ),
    "gift-of-kinds": Wording("the tiers give {name!r} as {left} and as {right}", "give one kind of value in all tiers"),
    "period-backwards": Wording(
        "`before` ({before}) is not after `from` ({start})",
        "`before` is the first day on which the policy is no longer in force",
    ),
    "overlapping-versions": Wording(
        "two versions of {name!r} are in force on {day}",
        "end the earlier one: `before:` is the first day of the later",
    ),
    "version-gap": Wording(
        "no version of {name!r} is in force from {start} until before {before}",
        "let the earlier version run until the later one starts",
        WARNING,
    ),
    "play-without-anchor": Wording(
        "the play {play!r} has neither an `anchor` nor a `when`", "say which date it counts from, or what sets it off"
    ),
    "status-of-tasks": Wording(
        "the status of tasks must be an enum of {states}; found {found}",
        "say what the words of the file mean: `status: {{kind: enum, words: {{Not Started: open, Completed: done}}}}`",
    ),
    "due-without-setting": Wording(
        "`due` counts by {name!r}, and no library has such a setting",
        "write a number, or a setting that there is: {near}",
    ),
    "due-of-setting": Wording(
        "`due` counts by the setting {name!r}, which is {found} and not a whole number",
        "write the setting as a plain whole number such as 60",
    ),
    "due-before-trigger": Wording(
        "{task!r} is due {found} from the day on which its play starts: it is over before it can be asked for",
        "let it be due later, or give the play an `anchor`",
        WARNING,
    ),
    "after-unknown-task": Wording(
        "`after` names {name!r}, which is no other task of the play {play!r}",
        "name a task of the same play: {near}",
    ),
    "circular-after": Wording(
        "these tasks wait for each other: {way}", "break the circle: one of them must come first"
    ),
    "flex-order": Wording(
        "`flex` says how much earlier and how much later a task may be moved, in this order",
        "write for example `flex: [-5 business days, +5 business days]`; one of the two may be 0 days",
    ),
    "escalate-too-soon": Wording(
        "a task is handed on when it is overdue, found {found!r}", "write at least one day, such as 5 business days"
    ),
    "trigger-without-when": Wording(
        "`{key}` is about a trigger, but the play {play!r} has no `when`", "add `when:`, or remove `{key}`"
    ),
    "cooldown-needed": Wording(
        "`cooldown_from` says where a `cooldown` is counted from, and there is none", "add `cooldown:`, or remove it"
    ),
    "length-of-time": Wording(
        "`{key}` is {found!r}; a length of calendar time is expected",
        "write so many days, weeks, months or years: 30 days; business days differ from owner to owner",
    ),
    "hold-of-several": Wording(
        "`hold` keeps the tier of an account, and with `hit_policy: collect` an account has several",
        "remove `hold`, or take another hit policy",
    ),
    "settle-margin": Wording(
        "`margin` is {found!r}; so many points, none or more, are expected", "write for example `margin: 3 points`"
    ),
    "settle-without-grades": Wording(
        "`settle` says when a new grade counts, and this policy has no `grades`", "add `grades:`, or remove `settle`"
    ),
    "pay-remembers": Wording(
        "the plan reads {name!r}, which rests on the `{key}` of {policy!r}: pay then depends on earlier runs",
        "keep the run of each day that the plan reads, or pay by what has no memory",
        WARNING,
    ),
    "business-days-without-calendar": Wording(
        "the task {task!r} counts business days, but the workspace names no calendar: only weekends are free",
        "add `calendar: {{country: CN}}` to granger.yaml",
        WARNING,
    ),
    "case-order": Wording(
        "in a list of cases every row but the last has a `when`, and the last has none",
        "the last row is for all that is left",
    ),
    "limit-order": Wording(
        "in a list of limits every row but the last has a `for`, and the last has none",
        "the last row is for all accounts that are left",
    ),
    "staffing-of-nothing": Wording("this policy says nothing", "add one of ratios, budgets, contact_limits, levelling"),
    "hours-of-a-week": Wording(
        "{found!r} is more than a week has", "write the hours of one person, such as 28 per week"
    ),
    "one-staffing": Wording(
        "`{key}` stands in two policies that are in force on {day}", "keep it in one of them: it is for all accounts"
    ),
    "ratio-without-measure": Wording(
        "the ratio {name!r} reads no measure per {per}, so that nobody has a line of it",
        "let `load` or `have` be a measure with `per: {per}`",
    ),
    "carries-nothing": Wording("one person carries {found}: nobody would ever be enough", "write more than 0"),
    "budget-without-cost": Wording(
        "nobody's hours have a cost, so that nothing planned has one",
        "add `cost: 60 per hour` to the roles that do touches",
    ),
    "bands-form": Wording(
        "bands are written in one direction, with one kind of edge: every row but the last has `from`, or every one has"
        " `below` (in pay also `above`)",
        "the last row has no edge: it is all the rest",
    ),
    "bands-order": Wording(
        "the edges of these bands do not {way}: each `{word}` must lie beyond the one above it",
        "bring the rows into order, each edge once",
    ),
    "curve-order": Wording(
        "a curve has two points or more, and x rises from each to the next", "bring its points into order, each x once"
    ),
    "curve-ends": Wording(
        "the curve does not say what it pays below its first and above its last point",
        "add `below_first:` and `above_last:`, each hold, zero or extend",
    ),
    "weights-total": Wording("the weights sum to {found}; they must sum to {expected}", "change the weights"),
    "shares-total": Wording(
        "the shares of this credit sum to {found}; they must sum to 100%",
        "change the shares, or write `overlay:` for what somebody is credited with on top",
    ),
    "split-form": Wording("the part of {name!r} has either a `share` or an `overlay`", "keep one of the two"),
    "upwards-on-top": Wording(
        "what counts for the {name} of the one who is credited stands on top of the shares", "write `overlay:`"
    ),
    "levels-of-what": Wording(
        "`levels` says how far a credit goes up, and nothing says by which field",
        "add `through:` with a field of people",
    ),
    "tranches-total": Wording("the tranches sum to {found}; they must sum to 100%", "change their shares"),
    "tranches-have-days": Wording(
        "each tranche has a day of its own, so the credit has none", "drop `dated_by`, or write it in the tranches"
    ),
    "exchange-needed": Wording(
        "this is in another currency, and the plan does not say by which rates it is exchanged",
        "add `exchange: {{table: exchange_rates, by: transaction}}` with the table of rates",
    ),
    "rates-need": Wording(
        "a table of rates of exchange needs a field {name!r}; {table!r} has none",
        "it has from_currency, to_currency and rate, and `dated_by` or `valid`",
    ),
    "rates-undated": Wording(
        "the rates of {table!r} have no day", "add `dated_by:`, or `valid:` if each holds from one day to another"
    ),
    "currency-differs": Wording(
        "this is in {found}, and the plan counts in {expected}", "give it in the currency of the plan"
    ),
    "scored-form": Wording("a row of a health score has either a `measure` or a `group`", "keep one of the two"),
    "points-form": Wording(
        "{name!r} needs one of bands, curve, cases to turn it into points; found {found}", "keep one"
    ),
    "exception-form": Wording("an exception has either `at_most` or `at_least`", "keep one of the two"),
    "bonus-without-pay": Wording(
        "the plan has a bonus, but does not say of which pay", "add `pay:` with two of its keys"
    ),
    "bonus-incomplete": Wording("the bonus {name!r} has no `{key}`", "a bonus has weight, measure, pays, if_missing"),
    "missing-as-target": Wording("`if_missing: target` needs a `target`", "add `target:`, or write wait or zero"),
    "component-form": Wording(
        "the component {name!r} must be one of a bonus (weight, measure, pays), a commission (credit, rate) and a pool",
        "keep the keys of one of them",
    ),
    "pool-alone": Wording(
        "a pool is shared out to the last cent, so `{key}` has no meaning in it",
        "hold the plan with its `cap` or `floor`",
    ),
    "pool-of-what": Wording(
        "the measure {name!r} has one value per {per}; a pool needs one of the company or of a field of persons",
        "write `per: company`, or a field such as `per: team`",
    ),
    "component-rate": Wording(
        "the commission {name!r} needs either a `rate` or a `rate_table`; found {found}", "write one of the two"
    ),
    "component-key": Wording("`{key}` has no meaning in a {what}: it is a key of a {other}", "remove it"),
    "rate-above-all": Wording(
        "{written} is {percent} of what it is taken of", "write {written}% if that is meant, else {percent}", WARNING
    ),
    "overage-without-quota": Wording("top_tier_on_overage needs `of`: the quota above which the overage begins"),
    "pays-form": Wording("the kind {kind!r} takes `{expected}` and nothing else", "write `{expected}:`"),
    "measure-of-the-year": Wording(
        "`accumulate: year` pays by the year to date, which {name!r} does not measure", "give it `window: year`"
    ),
    "limits-crossed": Wording("the floor, {floor}, is above the cap, {cap}", "no amount lies between them: change one"),
    "cap-below-zero": Wording("the cap, {cap}, would have everybody pay it back", "write the most that is paid"),
    "limit-per-credit": Wording(
        "`{key}` is about what each credit earns by itself: {why}",
        "write `accumulate: each_credit` or running, or leave it out",
    ),
    "part-of-no-pay": Wording("a percentage is a part of variable pay, which the plan does not have", "add `pay:`"),
    "retroactive-kind": Wording(
        "`retroactive` is for a band of a marginal table; this one is {kind}", "leave it out, or write `kind: marginal`"
    ),
    "retroactive-lowest": Wording("the lowest band counts from zero already: nothing lies below it", "leave it out"),
    "matrix-across": Wording(
        "a matrix needs `across` and its `columns`", "for one figure alone, use bands instead of a matrix"
    ),
    "matrix-cells": Wording(
        "this row has {found} cells; the matrix has {expected} columns", "write one cell for each column"
    ),
    "pay-form": Wording(
        "{found!r} is not an amount over time", "write `8_000 per month`, `own_pay per year`, or a part such as `40%`"
    ),
    "part-of-pay": Wording("a percentage is a part of on_target, which is not written", "write `on_target`"),
    "pay-two-of-three": Wording(
        "`pay` has two of on_target, base and variable; the third follows from them", "found {found}: write two"
    ),
    "pay-negative": Wording("base is more than pay on target", "on_target is base and variable together"),
    "period-longer": Wording("the component's period, {found}, is longer than the plan's, {plan}", "shorten it"),
    "over-without-sum": Wording("`over` makes a ratio of two sums; it does not go with {verb!r}", "write `sum:`"),
    "prorate-without": Wording(
        "`prorate` counts a row by its part of a window: it needs {needed}", "add what is missing, or leave it out"
    ),
    "repeat-with-two-ends": Wording("a repeat ends in one way, found {found}", "keep one of before, until, count"),
    "repeat-without-missing-day": Wording(
        "a {freq} repeat must say what happens where the month has no such day",
        "add `on_missing_day: clamp` (its last day) or `on_missing_day: skip`",
    ),
    "rrule-numbered-day": Wording(
        "{found!r} counts the weekdays of a month or a year; a {freq} repeat has neither",
        "write the weekday alone, or `freq: monthly`",
    ),
    "rrule-number-too-large": Wording(
        "{found!r}: a {within} has at most {most} of a weekday",
        "write a smaller number, or one from the end such as -1FR",
    ),
    "rrule-number-zero": Wording(
        "there is no {key} 0: days and places are counted from 1, or from the end with -1", "write 1 or -1"
    ),
    "rrule-month-day-in-week": Wording(
        "a weekly repeat has no days of the month", "write `byday:`, or `freq: monthly` with `bymonthday:`"
    ),
    "rrule-position-alone": Wording(
        "`bysetpos` chooses among the days of byday, bymonthday and bymonth; none of them is written",
        "add one, for example byday: [MO, TU, WE, TH, FR] for the business days of a month, or remove `bysetpos`",
    ),
    "repeat-never-occurs": Wording(
        "no day of any year is all that this repeat asks for", "change or remove one of its parts"
    ),
    "repeat-never-ends": Wording(
        "the play {play!r} runs to its end once it has started, and its repeat has none",
        "add `before:`, `until:` or `count:`; or `trigger: level`, if it is to end with its condition",
    ),
    "count-at-changing-pace": Wording(
        "`count` cannot be counted where the interval hangs on a condition", "write `before:` or `until:`"
    ),
    "exdate-without-effect": Wording(
        "nothing comes on {day}, which is left out: the repeat has no such day",
        "correct the date, or remove it",
        WARNING,
    ),
    "facts-needed": Wording(
        "the plan reads {name!r}, which is decided, but does not say as of which day",
        "add `facts_as_of: period_start` or `facts_as_of: period_end`",
    ),
    "facts-not-read": Wording(
        "`facts_as_of` is written, but the plan reads nothing that is decided", "remove it", WARNING
    ),
    "unknown-per": Wording("{name!r} is neither account, company, a role, a duty nor a field of the rows", "{near}"),
    "held-on-needed": Wording(
        "the rows of accounts have no date, so {name!r} must say on which day their holder counts",
        "add `held_on:` with a date, for example as_of",
    ),
    "list-without-measure": Wording(
        "the list {name!r} is per {per}, and shows no measure that is taken per {per}: nobody can be on it",
        "show such a measure under `columns`, or read it under `when`",
    ),
    "stage-without-end": Wording(
        "the stage {name!r} is never done, and is for every account: none ever comes to the stages after it",
        "add `done:` with a date, or `when:` if it is for some accounts only",
    ),
    "stuck-before-behind": Wording(
        "an account would be stuck after {stuck}, before it is behind after {expect}",
        "write the longer time as `stuck`",
    ),
    "unknown-output": Wording("a test can expect no {name!r}", "{near}"),
    "form-field-unknown": Wording(
        "a task has no {name!r}",
        "{near} A field of its owner is written people.FIELD, one of its account accounts.FIELD",
    ),
    "form-table-unknown": Wording(
        "a task leads to no table {name!r}",
        "write a field of tasks.csv, or people.FIELD (its owner's), or accounts.FIELD (its account's)",
    ),
    "form-column-needed": Wording(
        "no column of the form {form} holds {name}: {why}",
        "add a column with {name}, or leave `columns` out: the form then has all that it needs",
    ),
    "form-words-unused": Wording(
        "the form {form} has no column that holds {field}, so that these words are never written",
        "add such a column, or remove the words",
    ),
    "form-word-unknown": Wording("{field} is never {word!r}", "{near}"),
    "amortise-without-credit": Wording(
        "only a commission is amortised: this component has no `credit`", "remove `amortise`"
    ),
    "payroll-field-unknown": Wording(
        "a row for payroll has no {name!r}",
        "{near} A field of the payee is written people.FIELD, a text that is always the same {{text: ...}}",
    ),
    "payroll-table-unknown": Wording(
        "a row for payroll leads to no table {name!r}", "write people.FIELD for a field of the payee"
    ),
    "payroll-name-unknown": Wording("no comp plan here has the {what} {name!r}", "{near}"),
    "payroll-code-unreached": Wording(
        "this earning code is never given: the one before it, {before}, holds for every line",
        "move the code without conditions to the end",
    ),
    "definition-too-deep": Wording(
        "{name!r} rests on too many names that rest on others in turn", "shorten the chain of definitions"
    ),
}
