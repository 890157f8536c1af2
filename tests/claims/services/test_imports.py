"""A file of claims: planned row by row, then all of it or nothing."""

import hashlib
import json

import pytest

from claims.errors import InvalidInput, NotAllowed, RuleRefused
from claims.models import Claim, Evidence, LedgerEntry, LedgerText, Source
from claims.queries.ledger import verify
from claims.services import import_files
from claims.services.import_files import MOST_BYTES, MOST_ROWS
from claims.services.import_plans import plan_import
from claims.services.imports import import_claims
from claims.states import ClaimStatus, EntryKind, Ground, Stance, Visibility
from tests.claims.cast import make_claim, make_origin


def plan(cast, text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return plan_import(cast.ada, data, desk=cast.desk, **options)


def take_in(cast, text, **options):
    return import_claims(cast.ada, plan(cast, text, **options), desk=cast.desk)


def faults(cast, text):
    return [(fault.row, fault.column, fault.reason) for fault in plan(cast, text).faults]


TABLE = """statement,kind,claimant,as_of_on,figure,figure_unit,url,quote,stance,status,external_id
"Soldiers, 1,500 of them, arrived.",fact,NIS,2024-10-18,1500,soldiers,https://one.example.org/,"about 1,500",supports,corroborated,A-7
A letter was sent.,statement,,,,,,,,,
"""


def test_a_table_becomes_reported_claims_with_their_evidence(cast):
    nis = make_origin(cast, "NIS")
    done = take_in(cast, TABLE)
    first, second = Claim.objects.order_by("pk")
    assert done.opened == (first.reference, second.reference)
    assert (first.status, first.ground) == (ClaimStatus.REPORTED, Ground.NOT_REVIEWED)
    assert (first.claimant, str(first.as_of_on)) == (nis, "2024-10-18")
    assert [(str(f.value), f.unit) for f in first.figures.all()] == [("1500.000000", "soldiers")]
    row = Evidence.objects.get()
    assert (row.claim, row.quote, row.stance) == (first, "about 1,500", Stance.SUPPORTS)
    assert second.kind == "statement"
    assert verify(LedgerEntry.objects.order_by("seq")).entries == LedgerEntry.objects.count()


def test_the_note_names_file_row_and_what_the_file_called_it(cast):
    make_origin(cast, "NIS")
    take_in(cast, TABLE)
    notes = LedgerEntry.objects.filter(kind=EntryKind.COMMENTED).order_by("seq")
    body = json.loads(notes[0].body)
    told = LedgerText.objects.get(commitment=body["comment"]).text
    digest = hashlib.sha256(TABLE.encode()).hexdigest()
    assert told == (
        f"Carried over from row 2 of a file, there “A-7” (SHA-256 {digest}). "
        "The file called it “corroborated”. Here it begins as reported, not yet reviewed."
    )
    assert body["actor"]["kind"] == "import"
    assert body["actor"]["person"] == cast.ada.reference
    assert body["file"] == digest


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter_mark_and_line_ends_are_read_as_they_come(cast, mark, delimiter, end):
    rows = ["statement,kind,as_of_on", "One thing.,fact,2024-10-18", "Another.,statement,"]
    text = mark + end.join(row.replace(",", delimiter) for row in rows) + end
    assert [row.statement for row in plan(cast, text).opened] == ["One thing.", "Another."]


def test_json_comes_as_a_list_an_object_or_lines(cast):
    items = [{"statement": "One."}, {"statement": "Two.", "priority": 1}]
    for text in (
        json.dumps(items),
        json.dumps({"exported_at": "2026-11-23T15:00:00Z", "claims": items}),
        "\n".join(map(json.dumps, items)),
    ):
        rows = plan(cast, text).opened
        assert [(row.statement, row.values.get("priority")) for row in rows] == [
            ("One.", None),
            ("Two.", 1),
        ]


def test_one_wrong_row_keeps_the_whole_file_out(cast):
    text = "statement,kind\n" + "".join(f"Claim {n}.,fact\n" for n in range(40)) + "Last.,rumour\n"
    planned = plan(cast, text)
    assert [(fault.row, fault.column) for fault in planned.faults] == [(42, "kind")]
    with pytest.raises(RuleRefused, match="nothing was imported"):
        import_claims(cast.ada, planned, desk=cast.desk)
    assert not Claim.objects.exists()


def test_every_fault_of_a_row_is_told_with_its_column(cast):
    text = (
        "statement,kind,claimant,as_of_on,priority,url,url_2,credibility_2,primary_record_2\n"
        ",gossip,Nobody,yesterday,9,ftp://x/,https://one.example.org/,11,perhaps\n"
    )
    columns = {column for _, column, _ in faults(cast, text)}
    assert columns == {
        "statement",
        "kind",
        "claimant",
        "as_of_on",
        "priority",
        "url",
        "credibility_2",
        "primary_record_2",
    }


def test_a_file_sent_twice_changes_nothing_more(cast):
    text = "statement\nOne.\nTwo.\n"
    take_in(cast, text)
    entries = LedgerEntry.objects.count()
    again = take_in(cast, text)
    assert (again.opened, again.left) == ((), 2)
    assert LedgerEntry.objects.count() == entries


def test_a_plan_carried_out_twice_changes_nothing_more(cast):
    planned = plan(cast, "statement\nOne.\n")
    import_claims(cast.ada, planned, desk=cast.desk)
    assert import_claims(cast.ada, planned, desk=cast.desk).opened == ()
    assert Claim.objects.count() == 1


def test_statements_on_record_and_doubles_of_the_file_are_left_alone(cast):
    known = make_claim(cast, "Known.")
    first, double, twin = plan(cast, "statement\nNew.\nNew.\nKnown.\n").rows
    assert (first.is_opened, double.double_of, twin.twin) == (True, 2, known.reference)


def test_a_claim_of_another_desk_is_no_twin(cast):
    make_claim(cast, "Known.")
    planned = plan_import(cast.omar, b"statement\nKnown.\n", desk=cast.other_desk)
    assert planned.rows[0].is_opened


def test_fewer_may_see_what_the_file_or_the_person_says(cast):
    text = "statement,visibility\nOne.,restricted\nTwo.,open\nThree.,\n"
    assert [row.visibility for row in plan(cast, text).rows] == ["restricted", "open", "open"]
    hidden = plan(cast, text, visibility=Visibility.EMBARGOED)
    assert [row.visibility for row in hidden.rows] == ["restricted", "embargoed", "embargoed"]


@pytest.mark.parametrize("who", ["dora", "omar", "admin"])
def test_only_who_works_at_the_desk_imports(cast, who):
    planned = plan(cast, "statement\nOne.\n")
    with pytest.raises(NotAllowed):
        import_claims(getattr(cast, who), planned, desk=cast.desk)
    with pytest.raises(NotAllowed):
        plan_import(getattr(cast, who), b"statement\nOne.\n", desk=cast.desk)


def test_one_page_linked_by_many_rows_is_one_source(cast):
    rows = "".join(f"Claim {n}.,https://one.example.org/,Words {n}.\n" for n in range(12))
    take_in(cast, f"statement,url,quote\n{rows}")
    assert (Source.objects.count(), Evidence.objects.count()) == (1, 12)


DEEP = "[" * 100_000
REFUSED = [
    (b"", "is empty"),
    (b"  \n ", "is empty"),
    (b"statement\n", "holds no claim"),
    (b"\n\nOne.\n", "no column"),
    (b"kind\nfact\n", "no column “statement”"),
    (b"statement,statement\na,b\n", "twice"),
    (b"statement,wording\na,b\n", "nobody knows: wording"),
    (b"statement,\xe2\x80\xaename\na,b\n", "nobody knows: \\u202ename"),
    ("statement\nOne.".encode("utf-16"), "is UTF-16"),
    ("statement\nGrüße.".encode("latin-1"), "is not UTF-8: line 2, byte 3"),
    ("statement\nGrün.\n".encode() + "Grün.".encode("latin-1"), "is not UTF-8: line 3, byte 3"),
    (b"statement\rOne.\rTwo.\r", "CR alone: line 1"),
    (b'statement\nOne.\n"Two.\nThree.\n', "after row 2"),
    (b'statement\n"One" more.\n', "after row 1"),
    (b"PK\x03\x04" + b"\0" * 90, "workbook or an archive"),
    (b"\x1f\x8b" + b"\0" * 90, "workbook or an archive"),
    (b"statement" + b",x" * 100_000 + b"\nOne.\n", "100,001 columns"),
    (b"statement\n" + b"x" * 200_000 + b"\n", "field larger than"),
    (b"statement\n" + b"x\n" * (MOST_ROWS + 2), "more than 5,000"),
    (b"s" * (MOST_BYTES + 1), "larger than 5 MiB"),
    (DEEP.encode(), "nested too deeply"),
    (b'{"a":' * 100_000, "nested too deeply"),
    (b"[{}", "is not JSON"),
    (b'[{"statement": NaN}]', "NaN is no number"),
    (b'{"rows": []}', "no list of claims"),
    (b"[]", "holds no claim"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_a_file_in_which_no_row_can_be_told_is_refused_in_words(data, reason):
    with pytest.raises(InvalidInput) as refused:
        import_files.read_file(data)
    assert refused.value.field == "file"
    assert reason in refused.value.reason


ROWS = [
    ("statement,kind\nOne.\n", 2, "", "has 1 cells where the header names 2"),
    ("statement\nOne.,fact\n", 2, "", "has 2 cells where the header names 1"),
    ("statement\nO\0ne.\n", 2, "statement", "U+0000"),
    ("statement\nO\u202ene.\n", 2, "statement", "U+202E"),
    (f"statement\n{'x' * 2001}\n", 2, "statement", "longer than 2000"),
    ("statement,figure\nOne.,NaN\n", 2, "figure", "out of bounds"),
    ("statement,figure\nOne.,1e999999\n", 2, "figure", "out of bounds"),
    (f"statement,figure\nOne.,{'9' * 5000}\n", 2, "figure", "longer than 200"),
    ("statement,url\nOne.,http://127.0.0.1/\n", 2, "url", "not public"),
    ("statement,url\nOne.,http://user:secret@one.example.org/\n", 2, "url", "credentials"),
    ('[{"statement": 5}]', 1, "statement", "must be text, in quotation marks"),
    ('[{"statement": ["One."]}]', 1, "statement", "must be text"),
    ('[{"statement": "\\ud800"}]', 1, "statement", "U+D800"),
    ('[{"statement": "O\\u0000ne."}]', 1, "statement", "U+0000"),
    ('[{"statement": "One.", "statement": "Two."}]', 1, "statement", "is given twice"),
    ('[{"statement": "One.", "\\ud800": 1}]', 1, "\\ud800", "is no field of a claim"),
    ('[{"statement": "One.", "created_by": "admin"}]', 1, "created_by", "is no field"),
    ('[{"statement": "One.", "priority": 1e999}]', 1, "priority", "not a whole number"),
    (f'[{{"statement": "One.", "priority": {"9" * 5000}}}]', 1, "priority", "longer than"),
    ('[{"statement": "One.", "as_of_on": ["x"]}]', 1, "as_of_on", "must be text"),
    ('[{"statement": "One.", "figures": [{"value": 1, "\\ud800": null}]}]', 1, "figure", "\\ud800"),
    ('[{"statement": "One.", "figures": [{"value": [1]}]}]', 1, "figure", "must be text"),
    ('[{"statement": "One.", "figures": {"value": 1}}]', 1, "figures", "list of objects"),
    ('[{"statement": "One.", "evidence": [{"url": 7}]}]', 1, "url", "must be text"),
    ('[{"statement": "One.", "evidence": ["x"]}]', 1, "evidence", "list of objects"),
    (
        '[{"statement": "One.", "evidence": [{"url": "https://a.example.org/", "figures": 7}]}]',
        1,
        "figure",
        "must be a list",
    ),
    (
        '[{"statement": "One.", "evidence": [{"url": "https://a.example.org/", "is_primary_record": "yes"}]}]',
        1,
        "primary_record",
        "true or false",
    ),
    ('["One."]', 1, "", "is no object"),
    ('{"statement": "One."}\n{"statement": \n{"statement": "Three."}', 2, "", "is not JSON"),
    ('{"statement": "One."}\n' + DEEP, 2, "", "nested too deeply"),
]


@pytest.mark.parametrize(("text", "row", "column", "reason"), ROWS, ids=[row[3] for row in ROWS])
def test_a_bad_row_is_told_with_its_number_and_column(cast, text, row, column, reason):
    found = faults(cast, text)
    assert found, text[:80]
    assert (found[0][0], found[0][1]) == (row, column)
    assert reason in found[0][2]
    "".join(told for _, *words in found for told in words).encode()


def test_formulas_markup_and_paths_are_kept_as_they_were_written(cast):
    words = ["=HYPERLINK(1)", "<script>alert(1)</script>", "../../etc/passwd", "'; DROP TABLE x"]
    rows = "".join(f'"{word}"\n' for word in words)
    take_in(cast, f"statement\n{rows}")
    assert [claim.statement for claim in Claim.objects.order_by("pk")] == words


def test_many_rows_are_taken_in_within_one_recorder_at_a_time(cast):
    rows = "".join(f"Claim {n}.,https://one.example.org/{n}\n" for n in range(90))
    done = take_in(cast, f"statement,url\n{rows}")
    assert len(done.opened) == 90
    assert LedgerEntry.objects.filter(kind=EntryKind.CLAIM_OPENED).count() == 90


def test_a_topic_is_taken_over_and_a_wrong_one_is_told(cast):
    take_in(cast, "statement,topic\nA ferry sank.,Black-Sea\nA letter was sent.,\n")
    assert list(Claim.objects.order_by("pk").values_list("topic", flat=True)) == ["black-sea", ""]
    told = faults(cast, "statement,topic\nA train stopped.,black sea\n")
    assert [(row, column) for row, column, _ in told] == [(2, "topic")]
