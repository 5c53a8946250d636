"""The one table of a ledger, and the triggers by which the database refuses all but adding to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NAME = "granger_ledger"

ENTRIES = sa.Table(
    NAME,
    sa.MetaData(),
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False, unique=True),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sqlite_strict=True,
)

_REFUSED = "a ledger is only added to"

_TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER {NAME}_no_update BEFORE UPDATE ON {NAME} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        f"CREATE TRIGGER {NAME}_no_delete BEFORE DELETE ON {NAME} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        # INSERT OR REPLACE deletes without asking the trigger above
        f"CREATE TRIGGER {NAME}_no_replace BEFORE INSERT ON {NAME} WHEN EXISTS (SELECT 1 FROM {NAME} WHERE "
        "sequence = NEW.sequence OR previous = NEW.previous OR hash = NEW.hash) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ],
    "postgresql": [
        f"CREATE FUNCTION {NAME}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        f"CREATE TRIGGER {NAME}_no_change BEFORE UPDATE OR DELETE ON {NAME} "
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}_refuse()",
        f"CREATE TRIGGER {NAME}_no_truncate BEFORE TRUNCATE ON {NAME} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {NAME}_refuse()",
    ],
}

_ONE_MAKER = 7_306_087_241_881
"""The number of the PostgreSQL lock under which the table is made: of two that come at once, one finds it made."""


def create(connection: Connection) -> None:
    """The table and its triggers, inside the transaction of the first posting."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_MAKER})")
        if sa.inspect(connection).has_table(NAME):
            return
    ENTRIES.create(connection)
    for trigger in _TRIGGERS[dialect]:
        connection.exec_driver_sql(trigger)
