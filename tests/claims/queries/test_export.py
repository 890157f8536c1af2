"""Claims as files, for the eyes of their reader alone."""

import csv
import io
import json

import pytest

from claims.access import visible_to
from claims.models import Claim
from claims.queries.export import BATCH, COLUMNS, csv_lines, exported, json_lines
from claims.services.import_plans import plan_import
from claims.services.imports import import_claims
from claims.services.origins import add_origin
from claims.states import OriginKind, Visibility
from tests.claims.cast import make_claim, make_evidence, make_origin


def rows_for(actor):
    return list(exported(actor, visible_to(actor)))


def table(actor):
    text = "".join(csv_lines(exported(actor, visible_to(actor)), head=["# Stet claims"]))
    assert text.startswith("\ufeff")
    _, header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert tuple(header) == COLUMNS
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def claim(cast):
    nis = make_origin(cast, "NIS")
    claim = make_claim(cast, "=cmd|' /C calc'!A0", claimant=nis, as_of_on="2024-10-18")
    make_evidence(cast, claim, origin=nis, quote="-1,500; +900", url="https://one.example.org/")
    return claim


def test_a_reader_gets_what_exists_for_them_and_nothing_else(cast, claim):
    hidden = make_claim(cast, "Hidden.", visibility=Visibility.RESTRICTED)
    assert {row["reference"] for row in rows_for(cast.dora)} == {claim.reference, hidden.reference}
    assert {row["reference"] for row in rows_for(cast.omar)} == {claim.reference}


def test_a_confidential_source_has_no_name_outside_its_desk(cast, claim):
    values = {"name": "The cousin", "kind": OriginKind.PERSON}
    cousin = add_origin(cast.ada, values=values, confidential_at=cast.desk)
    make_evidence(cast, claim, origin=cousin, quote="She said so.")
    named = [[row["origin"] for row in told["evidence"]] for told in rows_for(cast.ada)]
    assert f"The cousin ({cousin.reference})" in named[0]
    assert "cousin" not in json.dumps(rows_for(cast.omar))


def test_no_cell_of_the_table_is_a_formula(cast, claim):
    cells = [cell for row in table(cast.ada) for cell in row.values()]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_times_are_utc_and_what_has_no_column_is_told(cast, claim):
    for number in range(6):
        make_evidence(cast, claim, url=f"https://more{number}.example.org/", quote=f"q{number}")
    (row,) = table(cast.ada)
    assert row["created_at"].endswith("Z")
    assert (row["url"], row["url_5"]) == ("https://one.example.org/", "https://more3.example.org/")
    assert row["left_out"] == "2 more linked sources"
    assert len(rows_for(cast.ada)[0]["evidence"]) == 7


def test_the_json_says_where_it_stands_and_holds_every_claim(cast, claim):
    head = {"exported_at": "2026-11-23T15:00:00Z", "ledger_seq": 7, "filter": "status=reported"}
    told = json.loads("".join(json_lines(exported(cast.ada, visible_to(cast.ada)), head=head)))
    assert told.pop("claims")[0]["reference"] == claim.reference
    assert told == head


def test_an_empty_list_is_a_file_all_the_same(cast):
    head = {"ledger_seq": 0}
    assert json.loads("".join(json_lines([], head=head))) == {"ledger_seq": 0, "claims": []}
    assert table(cast.ada) == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_can_be_imported_again(cast, claim, form):
    rows = list(exported(cast.ada, visible_to(cast.ada)))
    lines = csv_lines(rows, head=["# Stet claims"]) if form == "csv" else json_lines(rows, head={})
    data = "".join(lines).encode()
    assert plan_import(cast.ada, data, desk=cast.desk).rows[0].twin == claim.reference
    plan = plan_import(cast.omar, data, desk=cast.other_desk)
    assert plan.faults == ()
    import_claims(cast.omar, plan, desk=cast.other_desk)
    copy = Claim.objects.exclude(pk=claim.pk).get()
    assert copy.statement == claim.statement
    own = ("statement", "kind", "claimant", "as_of_on", "language", "priority", "figures")
    before, after = rows[0], rows_for(cast.omar)[0]
    assert {name: before[name] for name in own} == {name: after[name] for name in own}
    told = ("url", "quote", "stance", "origin", "credibility", "is_primary_record")
    assert {name: before["evidence"][0][name] for name in told} == {
        name: after["evidence"][0][name] for name in told
    }


def test_a_batch_takes_a_bounded_number_of_queries(cast, claim, django_assert_max_num_queries):
    for number in range(30):
        extra = make_claim(cast, f"Claim {number}.")
        make_evidence(cast, extra, quote=f"q{number}")
    assert BATCH > 31
    actor = cast.ada
    with django_assert_max_num_queries(8):
        assert len(list(exported(actor, visible_to(actor)))) == 31


def test_a_topic_is_in_the_files_and_comes_back_through_an_import(cast):
    make_claim(cast, "A ferry sank.", topic="black-sea")
    assert [row["topic"] for row in table(cast.ada)] == ["black-sea"]
    data = "".join(csv_lines(exported(cast.ada, visible_to(cast.ada)), head=["# Stet claims"]))
    planned = plan_import(cast.omar, data.encode(), desk=cast.other_desk)
    assert planned.rows[0].values["topic"] == "black-sea"
