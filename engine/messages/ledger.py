"""The wording of the ledger: what was posted, what was not, and what somebody did to it."""

from __future__ import annotations

from .wording import WARNING, Wording

LEDGER: dict[str, Wording] = {
    "ledger-unknown": Wording(
        "a ledger is a file, or a database at a postgresql:// URL, found {found}",
        "write the path of a file, or postgresql://user@host/database",
    ),
    "ledger-driver-missing": Wording(
        "a ledger in PostgreSQL needs psycopg, which is not installed", "pip install 'granger[postgresql]'"
    ),
    "period-needed": Wording(
        "with a ledger one period is paid at a time, and the plans have several that are over: {periods}",
        "name one with `--period`",
    ),
    "period-locked": Wording(
        "{period} is locked: {told}",
        "`granger ledger statement {closed}` shows it; what changes since is corrected in the next period",
    ),
    "period-not-locked": Wording(
        "nothing was posted for {period} to the ledger {ledger!r}", "`granger ledger show` lists what is locked"
    ),
    "ledger-overtaken": Wording(
        "{told} in the ledger {ledger!r} meanwhile; nothing was posted",
        "see with `granger pay` what is to be paid now",
    ),
    "corrections-wait": Wording(
        "not corrected, since it cannot be computed now: {lines} of {period}: {some}",
        "until what they need is known they count as they were posted; then the next period brings the difference",
        WARNING,
    ),
    "run-without-ledger": Wording(
        "only the pay of one period, run with a ledger, can be locked", "run with `ledger`, and the part `pay`"
    ),
    "ledger-absent": Wording("there is no ledger {ledger!r}", "name it; the first `granger lock PERIOD` makes it"),
    "ledger-busy": Wording(
        "somebody else has been writing to the ledger {ledger!r} for {seconds} seconds; nothing was posted",
        "try again",
    ),
    "ledger-failed": Wording(
        "the ledger {ledger!r} cannot be {done}: {reason}; nothing was posted", "once that is mended, try again"
    ),
    "ledger-lost": Wording(
        "the ledger {ledger!r} was lost while it was written: {reason}; whether all was posted is not known",
        "`granger ledger show` says it; to lock again is safe: a period is posted once",
    ),
    "entry-edited": Wording(
        "entry {entry} is not what was posted: its digest is another", "restore the ledger from a copy"
    ),
    "entry-out-of-chain": Wording(
        "entry {entry} does not follow entry {before}: one of the two was exchanged or written anew",
        "restore the ledger from a copy",
    ),
    "entries-missing": Wording("entry {entries} is missing", "restore the ledger from a copy"),
    "lock-cut-off": Wording(
        "the lock of entry {entry} has {lines} lines, found {found}: the rest was cut off",
        "restore the ledger from a copy",
    ),
    "line-without-lock": Wording("entry {entry} belongs to no lock", "restore the ledger from a copy"),
    "ledger-other-end": Wording(
        "the last entry has the digest {found}, expected {noted}: entries were cut off, added or written anew",
        "compare with a copy of the day on which the digest was noted",
    ),
}
