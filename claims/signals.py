"""After a migration: give the application's database role exactly the rights it may have."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections

APPEND_ONLY = ("claims_ledgerentry", "claims_snapshot", "claims_observation", "claims_signoff")
"""Tables the application may only read and add to."""


PASSING = ("claims_keptanswer",)
"""Tables of ours that are no part of the record: what grows old there may be deleted."""


def grant_application_role(sender: AppConfig, *, using: str, **_: Any) -> None:
    """Grant the application role its rights on every table, as the owner; idempotent.

    Rows of the record may be added and changed, never deleted; the ledger and what it rests on may
    only be added to. Only the framework's own tables (sessions, permissions) allow DELETE.
    """
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if role in {"", owner}:
            return
        quote = connection.ops.quote_name
        cursor.execute(f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(role)}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {quote(role)}")
            cursor.execute(
                f"GRANT {_rights(table, sender.label)} ON {quote(table)} TO {quote(role)}"
            )


def _rights(table: str, label: str) -> str:
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table == "django_migrations":
        return "SELECT"
    if table.startswith(f"{label}_") and table not in {
        "claims_user_groups",
        "claims_user_user_permissions",
        *PASSING,
    }:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"
