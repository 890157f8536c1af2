"""Say what would become of each row of a file of claims; nothing is written.

Every field is read by the readers the services of one claim use; what is wrong is gathered row by
row instead of stopping at the first fault.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings

from claims.access import require
from claims.errors import InvalidInput
from claims.models import Claim, Desk, Origin
from claims.queries.desk import origin_meant
from claims.queries.export import CLAIM_COLUMNS, EVIDENCE_COLUMNS, numbered
from claims.services import edits, fields
from claims.services.import_files import EXTERNAL_ID, Fault, FileRow, Number, read_file, shown
from claims.states import Verb, Visibility
from claims.text.addresses import parse_url
from claims.text.addresses.faults import UrlRefused
from claims.types import Actor, FigureValue

LOOKED_UP = 1_000
MOST_EVIDENCE = 80
ROW_WORDS = ("status", "ground")
_EVIDENCE_COLUMN = {name: column for column, name in EVIDENCE_COLUMNS.items()}
_NUMBERS = frozenset({"priority", "credibility"})

Find = Callable[[str], Origin | None]


@dataclass(frozen=True, slots=True)
class PlannedEvidence:
    """One linked page of a planned claim: its address, the checked fields, its figures."""

    url: str
    values: Mapping[str, object]
    figures: tuple[FigureValue, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What would become of one row.

    `claimed` is what the file says of its status; `twin` the claim on record with this very
    statement, `double_of` the earlier row with it: such rows are left alone. `remarks` tell what
    is not carried over.
    """

    number: int
    values: Mapping[str, object]
    figures: tuple[FigureValue, ...] = ()
    evidence: tuple[PlannedEvidence, ...] = ()
    visibility: Visibility = Visibility.OPEN
    claimed: str = ""
    external_id: str = ""
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    twin: str = ""
    double_of: int = 0

    @property
    def statement(self) -> str:
        """What it claims."""
        return str(self.values.get("statement", ""))

    @property
    def is_opened(self) -> bool:
        """Whether a claim comes of it."""
        return not (self.faults or self.twin or self.double_of)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of a file; `sha256` (hex) names it."""

    sha256: str
    rows: tuple[PlannedRow, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong with it, in the order of the rows."""
        return tuple(fault for row in self.rows for fault in row.faults)

    @property
    def opened(self) -> tuple[PlannedRow, ...]:
        """The rows a claim comes of."""
        return tuple(row for row in self.rows if row.is_opened)


def plan_import(
    actor: Actor, data: bytes, *, desk: Desk, visibility: Visibility = Visibility.OPEN
) -> Plan:
    """Read a file and say what would become of each row; nothing is written.

    Args:
        actor: a fact-checker or editor of the desk.
        data: the file, as `import_files.read_file` takes it.
        desk: whose claims they become.
        visibility: of the rows that give none of their own, or *open*.

    Raises:
        InvalidInput: field `file`: no row can be told from the next.
        NotAllowed: no fact-checker of this desk.
    """
    require(actor, Verb.WRITE, desk)
    find = _finder(actor)
    rows = [_planned(row, find=find, visibility=visibility) for row in read_file(data)]
    twins = on_record(desk, (row.statement for row in rows))
    first: dict[str, int] = {}
    told = []
    for row in rows:
        double_of = 0 if row.faults else first.setdefault(row.statement, row.number)
        is_double = double_of not in {0, row.number}
        told.append(
            replace(
                row,
                twin=twins.get(row.statement, ""),
                double_of=double_of if is_double else 0,
            )
        )
    return Plan(hashlib.sha256(data).hexdigest(), tuple(told))


def on_record(desk: Desk, statements: Iterable[str]) -> dict[str, str]:
    """Return by statement the oldest claim of the desk that says it word for word."""
    wanted = iter(dict.fromkeys(statement for statement in statements if statement))
    found: dict[str, str] = {}
    while part := list(islice(wanted, LOOKED_UP)):
        rows = Claim.objects.filter(desk=desk, statement__in=part).order_by("-pk")
        found |= dict(rows.values_list("statement", "reference"))
    return found


def _finder(actor: Actor) -> Find:
    """Return a function that finds origins by the words a file names them with, each once."""
    known: dict[str, Origin | None] = {}

    def find(words: str) -> Origin | None:
        if words not in known:
            known[words] = origin_meant(actor, words)
        return known[words]

    return find


class _Checks:
    """Reads fields one by one and gathers what is wrong, instead of stopping at the first."""

    def __init__(self, row: FileRow) -> None:
        self.number = row.number
        self.faults = list(row.faults)

    def of(self, column: str, read: Callable[[], Any]) -> Any:
        """Return what `read` gives, or note its refusal at `column` and return None."""
        try:
            return read()
        except InvalidInput as error:
            told = shown(error.field.partition(".")[2])
            reason = f"{told} {error.reason}" if told else error.reason
            self.faults.append(Fault(self.number, column, reason))
            return None


def _planned(row: FileRow, *, find: Find, visibility: Visibility) -> PlannedRow:
    checks = _Checks(row)
    values = _claim_values(checks, row, find=find)
    own = checks.of("visibility", partial(_visibility, row.values.get("visibility")))
    figures = [
        checks.of("figure", partial(_figure, item)) for item in row.values.get("figures", ())
    ]
    given = row.values.get("evidence", ())
    if len(given) > MOST_EVIDENCE:
        checks.faults.append(
            Fault(row.number, "evidence", f"has more than {MOST_EVIDENCE} linked pages.")
        )
    evidence = [
        _evidence(checks, item, find=find) for item in given[:MOST_EVIDENCE] if item.get("url")
    ]
    _refuse_doubles(checks, evidence)
    claimed = checks.of("status", partial(_claimed, row.values))
    external_id = checks.of(EXTERNAL_ID, partial(_word, EXTERNAL_ID, row.values.get(EXTERNAL_ID)))
    if row.values and _is_blank(row.values.get("statement")):
        checks.faults.append(Fault(row.number, "statement", "is required."))
    return PlannedRow(
        number=row.number,
        values=values,
        figures=tuple(figure for figure in figures if figure is not None),
        evidence=tuple(item for item in evidence if item is not None),
        visibility=own if own not in {None, Visibility.OPEN} else visibility,
        claimed=claimed or "",
        external_id=external_id or "",
        faults=tuple(checks.faults),
        remarks=_remarks(row),
    )


def _claim_values(checks: _Checks, row: FileRow, *, find: Find) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in CLAIM_COLUMNS:
        given = row.values.get(name)
        if name == "visibility" or _is_blank(given):
            continue
        value = checks.of(name, partial(_claim_value, name, given, find=find))
        if value is not None:
            values[name] = value
    return values


def _claim_value(name: str, given: object, *, find: Find) -> object:
    most = fields.MOST_STATEMENT if name == "statement" else fields.MOST_LINE
    text = _typed(name, given, most=most)
    return find(text) if name == "claimant" else edits.CLAIM_FIELDS[name](name, text)


def _is_blank(given: object) -> bool:
    return given is None or given == ""


def _typed(name: str, given: object, *, most: int) -> str:
    """Return the text of a field; a number only where a number belongs."""
    if isinstance(given, Number) and name not in _NUMBERS:
        raise InvalidInput(name, "must be text, in quotation marks.")
    return fields.text_of(name, given, most=most)


def _word(name: str, given: object) -> str:
    return "" if _is_blank(given) else fields.text_of(name, given, most=100)


def _visibility(given: object) -> Visibility:
    word = _word("visibility", given) or Visibility.OPEN
    return fields.member("visibility", word, Visibility)


def _claimed(values: Mapping[str, Any]) -> str:
    """Return what the file says of the status, for people."""
    words = [_word(name, values.get(name)).replace("_", " ") for name in ROW_WORDS]
    return ", ".join(word for word in words if word)


def _figure(given: Mapping[str, Any]) -> FigureValue:
    for name, value in given.items():
        if value is not None:
            fields.text_of(f"figures.{shown(name)}", value, most=200)
    return fields.figure("figures", given)


def _evidence(checks: _Checks, given: Mapping[str, Any], *, find: Find) -> PlannedEvidence | None:
    place = int(given["number"])
    url = checks.of(numbered("url", place), partial(_address, given["url"]))
    values: dict[str, object] = {}
    for name, column in _EVIDENCE_COLUMN.items():
        value = given.get(name)
        if name == "url" or _is_blank(value):
            continue
        values[name] = checks.of(
            numbered(column, place),
            partial(_evidence_value, name, value, find=find),
        )
    figures = [
        checks.of(numbered("figure", place), partial(_figure, item))
        for item in _figures_of(checks, place, given)
    ]
    if url is None:
        return None
    return PlannedEvidence(url, values, tuple(item for item in figures if item is not None))


def _figures_of(checks: _Checks, place: int, given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    figures = given.get("figures") or []
    if isinstance(figures, list) and all(isinstance(item, Mapping) for item in figures):
        return figures
    checks.faults.append(Fault(checks.number, numbered("figure", place), "must be a list."))
    return []


def _evidence_value(name: str, given: object, *, find: Find) -> object:
    if name == "is_primary_record":
        return edits.EVIDENCE_FIELDS[name](name, given)
    most = fields.MOST_QUOTE if name in {"quote", "translation"} else fields.MOST_LINE
    text = _typed(name, given, most=most)
    return find(text) if name == "origin" else edits.EVIDENCE_FIELDS[name](name, text)


def _address(given: object) -> str:
    text = _typed("url", given, most=2_048)
    try:
        return parse_url(text, allow=settings.FETCH_ALLOW_PRIVATE).url
    except UrlRefused as refused:
        raise InvalidInput("url", str(refused)) from refused


def _refuse_doubles(checks: _Checks, evidence: Iterable[PlannedEvidence | None]) -> None:
    seen = set()
    for item in evidence:
        key = (item.url, item.values.get("quote", "")) if item else None
        if key is not None and key in seen:
            reason = "links the same quote of the same page twice."
            checks.faults.append(Fault(checks.number, "url", reason))
        seen.add(key)


def _remarks(row: FileRow) -> tuple[str, ...]:
    """Say what of a row is not carried over."""
    given = row.values
    without = sum(1 for item in given.get("evidence", ()) if not item.get("url"))
    remarks = []
    if without:
        remarks.append(f"{without} of its linked sources has no address and is not carried over")
    if given.get("closed_at"):
        remarks.append("the file calls it closed; here it is open")
    return tuple(remarks)
