"""Read a file of claims: CSV or JSON, strictly, each fault with its row and column.

Nothing is looked up and nothing is written here. Rows come out in one form, whatever the file:
a mapping of claim fields, with `figures` and `evidence` as lists of mappings.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from claims.errors import InvalidInput
from claims.queries.export import (
    CLAIM_COLUMNS,
    EVIDENCE_COLUMNS,
    FIGURE_COLUMNS,
    LEFT_OUT,
    MOST_EVIDENCE_COLUMNS,
    STATE_COLUMNS,
    numbered,
)
from claims.text.cells import plain_cell

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 120
MOST_SHOWN = 40

EXTERNAL_ID = "external_id"
NOT_TAKEN = frozenset({*STATE_COLUMNS, LEFT_OUT})
"""Columns an export has that an import never takes over; the status is told in a note."""

_COLUMNS: Mapping[str, tuple[int, str]] = {
    numbered(column, number): (number, name)
    for number in range(1, MOST_EVIDENCE_COLUMNS + 1)
    for column, name in EVIDENCE_COLUMNS.items()
}
_KNOWN = {*CLAIM_COLUMNS, *FIGURE_COLUMNS, *_COLUMNS, *NOT_TAKEN, EXTERNAL_ID}
_KNOWN_JSON = {*CLAIM_COLUMNS, *NOT_TAKEN, EXTERNAL_ID, "figures", "evidence"}
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
_WORKBOOKS = (b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place; `column` is empty where the whole row is."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One claim as the file gives it; `number` counts as a spreadsheet does, the header as 1."""

    number: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()


class Number(str):
    """A number of a JSON file, in its own digits: what it may be is for its field to say."""

    __slots__ = ()


def shown(text: object) -> str:
    """Return a name out of a file as it may be told: short, and every sign of it visible."""
    told = str(text).encode("unicode_escape").decode() if not str(text).isprintable() else str(text)
    return told if len(told) <= MOST_SHOWN else f"{told[:MOST_SHOWN]}…"


def read_file(data: bytes) -> list[FileRow]:
    """Return the rows of a file.

    Args:
        data: UTF-8 with or without byte-order mark; JSON (an array, an object with `claims`, or an
            object a line) where it begins with a bracket or a brace, else CSV.

    Raises:
        InvalidInput: field `file`, where no row can be told from the next.
    """
    text = _decoded(data)
    is_json = text.lstrip()[:1] in {"[", "{"}
    rows = list(_json_rows(text) if is_json else _csv_rows(text))
    if len(rows) > MOST_ROWS:
        _refuse(f"holds more than {MOST_ROWS:,} claims.")
    if not rows:
        _refuse("holds no claim.")
    return rows


def _refuse(reason: str) -> NoReturn:
    raise InvalidInput("file", reason)


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        _refuse(f"is larger than {MOST_BYTES // 1024 // 1024} MiB.")
    if not data.strip():
        _refuse("is empty.")
    if data.startswith(_WORKBOOKS):
        _refuse("is a workbook or an archive: save it as CSV (UTF-8).")
    if data.startswith(_UTF_16):
        _refuse("is UTF-16: save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = error.start - data.rfind(b"\n", 0, error.start)
        _refuse(f"is not UTF-8: line {line}, byte {byte}.")


# CSV ------------------------------------------------------------------------------------------


def _csv_rows(text: str) -> Iterator[FileRow]:
    alone = re.search(r"\r(?!\n)", text)
    if alone:
        _refuse(
            f"has a line that ends with CR alone: line {text.count(chr(10), 0, alone.start()) + 1}."
        )
    records = _records(text)
    number, header = next(records)
    if header[0].startswith("#"):  # what an export says of itself
        number, header = next(records, (number, [""]))
    names = _names(header)
    for number, cells in records:
        if number > MOST_ROWS + 2:
            _refuse(f"holds more than {MOST_ROWS:,} claims.")
        if any(cells):
            yield _csv_row(number, names, cells)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [plain_cell(cell).strip() for cell in cells] or [""]
    except csv.Error as error:
        _refuse(f"cannot be read after row {number} (line {reader.line_num}): {error}.")


def _delimiter(text: str) -> str:
    """Return the sign that parts the columns: the most frequent in the header, outside quotes."""
    lines = (line for line in io.StringIO(text) if not line.lstrip('"').startswith("#"))
    header = re.sub(r'"[^"]*"', "", next(lines, ""))
    return max(",;\t", key=header.count)


def _names(header: Sequence[str]) -> list[str]:
    names = [name.casefold().replace(" ", "_") for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        _refuse(f"has {len(names):,} columns; at most {MOST_COLUMNS} are read.")
    for name in names:
        if names.count(name) > 1:
            _refuse(f"has the column “{shown(name)}” twice.")
    unknown = [shown(name) or "(no name)" for name in names if name not in _KNOWN]
    if unknown:
        _refuse(f"has columns nobody knows: {', '.join(unknown[:5])}.")
    if "statement" not in names:
        _refuse("has no column “statement” in its first row.")
    return names


def _csv_row(number: int, names: Sequence[str], cells: Sequence[str]) -> FileRow:
    beyond = [cell for cell in cells[len(names) :] if cell]
    if beyond or len(cells) < len(names):
        reason = f"has {len(cells)} cells where the header names {len(names)} columns."
        return FileRow(number, {}, (Fault(number, "", reason),))
    given = dict(zip(names, cells, strict=False))
    values: dict[str, Any] = {name: cell for name, cell in given.items() if name in _PLAIN}
    values["figures"] = _csv_figures(given)
    values["evidence"], faults = _csv_evidence(number, given)
    return FileRow(number, values, tuple(faults))


_PLAIN = {*CLAIM_COLUMNS, *NOT_TAKEN, EXTERNAL_ID}


def _csv_figures(given: Mapping[str, str]) -> list[dict[str, str]]:
    figure = {name: given[column] for column, name in FIGURE_COLUMNS.items() if given.get(column)}
    return [figure] if figure else []


def _csv_evidence(
    number: int, given: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    groups: dict[int, dict[str, Any]] = {}
    faults = []
    for column, cell in given.items():
        if column not in _COLUMNS or not cell:
            continue
        group, name = _COLUMNS[column]
        value: object = cell
        if name == "is_primary_record":
            value = _YES.get(cell.casefold())
            if value is None:
                faults.append(Fault(number, column, "must be yes or no."))
        groups.setdefault(group, {"number": group})[name] = value
    return [groups[group] for group in sorted(groups)], faults


# JSON -----------------------------------------------------------------------------------------


class _Object(dict[str, Any]):
    """An object of a JSON file that remembers which of its names came twice."""

    doubled: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        times = Counter(name for name, _ in pairs)
        made.doubled = tuple(name for name, number in times.items() if number > 1)
    return made


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _loads(text: str) -> Any:
    return json.loads(
        text,
        object_pairs_hook=_object,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_no_constant,
    )


def _json_rows(text: str) -> Iterator[FileRow]:
    try:
        whole = _loads(text)
    except RecursionError:
        _refuse("is nested too deeply.")
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):  # noqa: PLR2004 - lines begin with two
            _refuse(f"is not JSON: {shown_error(error)}.")
        yield from _line_rows(lines)
        return
    if isinstance(whole, dict) and "statement" in whole:
        whole = [whole]
    items = whole.get("claims") if isinstance(whole, dict) else whole
    if not isinstance(items, list):
        _refuse("holds no list of claims.")
    yield from (_json_row(number, item) for number, item in enumerate(items, start=1))


def shown_error(error: ValueError) -> str:
    """Return what a parser says of a place, without what stands there."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    return shown(error)


def _line_rows(lines: Iterable[str]) -> Iterator[FileRow]:
    for number, line in enumerate(lines, start=1):
        try:
            yield _json_row(number, _loads(line))
        except RecursionError:
            yield FileRow(number, {}, (Fault(number, "", "is nested too deeply."),))
        except ValueError as error:
            reason = f"is not JSON: {shown_error(error)}."
            yield FileRow(number, {}, (Fault(number, "", reason),))


def _json_row(number: int, item: object) -> FileRow:
    if not isinstance(item, _Object):
        return FileRow(number, {}, (Fault(number, "", "is no object."),))
    faults = [Fault(number, shown(name), "is given twice.") for name in item.doubled]
    unknown = sorted(shown(name) for name in item.keys() - _KNOWN_JSON)
    faults += [Fault(number, name, "is no field of a claim.") for name in unknown]
    values = {name: value for name, value in item.items() if name in _KNOWN_JSON}
    for name in ("figures", "evidence"):
        values[name], more = _objects(number, name, item.get(name))
        faults += more
    return FileRow(number, values, tuple(faults))


_KNOWN_EVIDENCE = {*EVIDENCE_COLUMNS.values(), "figures", "reference", "quote_state", "repeats"}


def _objects(number: int, name: str, given: object) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Return the objects of a list, each with its number where it is evidence."""
    if given is None:
        return [], []
    if not isinstance(given, list) or not all(isinstance(item, _Object) for item in given):
        return [], [Fault(number, name, "must be a list of objects.")]
    faults = [
        Fault(number, f"{name}: {shown(key)}", "is given twice.")
        for item in given
        for key in item.doubled
    ]
    if name == "figures":
        return [dict(item) for item in given], faults
    for item in given:
        unknown = sorted(shown(key) for key in item.keys() - _KNOWN_EVIDENCE)
        faults += [Fault(number, f"{name}: {key}", "is no field of evidence.") for key in unknown]
    return [{**item, "number": place} for place, item in enumerate(given, start=1)], faults
