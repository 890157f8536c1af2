"""Rows by the million: INSERT ... SELECT into a model's table, with the model's own defaults."""

# ruff: noqa: S608 - the statements are made of the measurement's own words

from collections.abc import Mapping

from django.db import connections, models
from psycopg import sql

Given = int | list[int]
OWNER = "owner"


def next_id(model: type[models.Model]) -> int:
    last = model.objects.using(OWNER).order_by("-pk").values_list("pk", flat=True).first()  # type: ignore[attr-defined]  # every model has it
    return (last or 0) + 1


def insert(
    model: type[models.Model], values: Mapping[str, str], rows: str, span: Mapping[str, Given]
) -> None:
    """Insert what a SELECT gives; columns that are not named get the model's defaults."""
    columns = dict(_defaults(model)) | {name.strip('"'): value for name, value in values.items()}
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    run(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())} FROM {rows}",
        span,
    )
    if "id" in values:
        run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _defaults(model: type[models.Model]) -> dict[str, str]:
    """Return, as SQL, what the model puts into its columns where nothing is given."""
    connection = connections[OWNER]
    found = {}
    for column in model._meta.concrete_fields:
        is_made_there = column.db_default is not models.NOT_PROVIDED
        if column.primary_key or is_made_there or column.null:
            continue
        value = column.get_db_prep_save(column.get_default(), connection)
        found[str(column.column)] = sql.Literal(value).as_string()
    return found


def run(words: str, given: Mapping[str, Given] | None = None) -> None:
    text = words
    if given is not None:  # then the sign of a remainder is doubled
        text = words.replace("%", "%%").replace("%%(", "%(")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(text, given)
