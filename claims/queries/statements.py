"""SQL that is made once and planned once: for what is asked again and again.

A queryset's text costs more to make than PostgreSQL takes to run it, and a list's plan as much as
its rows. Both are kept: the text by the process, the plan by each connection (PREPARE). What
differs from call to call stands in it as a `Slot`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import BigIntegerField, Expression, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal
from typing_extensions import override

MOST_KEPT = 300

_numbers = count(1)
_prepared: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


class Slot(Expression):
    """A place in a statement for a value given with each call."""

    def __init__(self, name: str, *, of: type[str] | type[int] = str) -> None:
        super().__init__(output_field=TextField() if of is str else BigIntegerField())
        self.name = name
        self.kind = "text" if of is str else "bigint"

    @override
    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `kinds` are its slots' names and types, in the order of `$1`, `$2` ..."""

    text: str
    kinds: Mapping[str, str]
    name: str = field(default_factory=lambda: f"stet_{next(_numbers)}")

    def rows(self, **values: str | int) -> list[tuple[Any, ...]]:
        """Return all rows it gives, with these values in its slots; others are left aside."""
        with connection.cursor() as cursor:
            known = _prepared.setdefault(connection.connection, set())
            if self.name not in known:
                types = f" ({', '.join(self.kinds.values())})" if self.kinds else ""
                cursor.execute(f"PREPARE {self.name}{types} AS {self.text}")
                known.add(self.name)
            places = f" ({', '.join(['%s'] * len(self.kinds))})" if self.kinds else ""
            cursor.execute(f"EXECUTE {self.name}{places}", [values[name] for name in self.kinds])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def statement_of(rows: QuerySet[Any, Any]) -> Statement:
    """Return a queryset of values as a statement.

    Args:
        rows: its columns must be ones the database gives as they are. How many rows are wanted
            belongs to the statement, not into a slot: without the number PostgreSQL would expect
            a tenth of all rows, and plan each call anew for fear of that.
    """
    text, params = rows.query.sql_with_params()
    kinds: dict[str, str] = {}
    places = [_place(param, kinds) for param in params]
    return Statement(text % tuple(places), kinds)


def _place(param: object, kinds: dict[str, str]) -> str:
    if not isinstance(param, Slot):
        return Literal(param).as_string(connection.connection)
    kinds.setdefault(param.name, param.kind)
    return f"${list(kinds).index(param.name) + 1}"


class Statements:
    """Statements by what they differ in, those used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Statement] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Statement]) -> Statement:
        """Return the statement of a key, made where it is not there yet."""
        found = self._kept.get(key)
        if found is None:
            connection.ensure_connection()
            found = self._kept[key] = make()
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found
