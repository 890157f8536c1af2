from dataclasses import replace

import pytest
from django.utils.http import http_date

from claims.api import conditional
from claims.models import LedgerEntry, Membership, Watch
from claims.queries.ledger import read_head
from claims.services.claims import close, link, set_visibility
from claims.services.origins import edit_origin
from claims.states import ClaimLinkKind, CloseReason, Role, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(cast):
    return make_claim(cast, claimant=make_origin(cast, "NIS"))


def tag_of(api, path: str):
    return api.get(path)["ETag"]


def is_held(api, path: str, tag: str):
    answer = api.get(path, If_None_Match=tag)
    assert answer.status_code in {200, 304}
    return answer.status_code == 304


PATHS = (
    "",
    "claims/",
    "claims/?status=reported&limit=1",
    "claims/{claim}/",
    "claims/{claim}/history/",
    "evidence/",
    "evidence/{evidence}/",
    "sources/",
    "sources/{source}/",
    "sources/{source}/watch/",
    "articles/",
    "reviews/",
    "changes/",
    "schema/",
)


@pytest.mark.parametrize("path", PATHS)
def test_answer_in_hand_is_a_304_without_a_body(api, cast, claim, path):
    row = make_evidence(cast, claim)
    path = path.format(claim=claim.reference, evidence=row.reference, source=row.source.reference)
    first = api.get(path)
    held = api.get(path, If_None_Match=first["ETag"])
    assert (first.status_code, held.status_code, held.content) == (200, 304, b"")
    for answer in (first, held):
        assert answer["ETag"] == first["ETag"]
        assert answer["Cache-Control"] == (
            "public, max-age=300" if path == "schema/" else "private, no-cache"
        )
        assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("path", ["claims/", "claims/{}/", "changes/?after=0"])
def test_idle_poll_is_two_indexed_reads(api, claim, path, django_assert_num_queries):
    path = path.format(claim.reference)
    tag = tag_of(api, path)
    with django_assert_num_queries(2) as queries:
        assert is_held(api, path, tag)
    assert [table for table in ("claims_evidence", "claims_figure") if table in str(queries)] == []


@pytest.mark.parametrize(
    "header",
    ["", "garbage", '"', 'W/"', "\xff", '"' + "a" * 80_000, '"0", "1", W/"2"', "*", ","],
)
def test_garbage_in_if_none_match_is_ignored(api, claim, header):
    assert api.get("claims/", If_None_Match=header).status_code == 200


def test_tag_is_found_among_others(api, claim):
    tag = tag_of(api, "claims/")
    assert is_held(api, "claims/", f'"x", {tag}, W/"y"')
    assert is_held(api, "claims/", tag.removeprefix("W/"))


@pytest.fixture
def settled(claim, monkeypatch):
    """The ledger's last second is over, as it is for most of a ledger's life."""
    over = conditional.modified_at
    monkeypatch.setattr(
        conditional, "modified_at", lambda head: over(replace(head, is_second_over=True))
    )


@pytest.mark.parametrize("path", ["claims/", "evidence/", "changes/", "articles/"])
def test_time_of_the_last_entry_is_told_and_taken_where_no_tag_is_sent(api, settled, path):
    first = api.get(path)
    at = LedgerEntry.objects.latest("seq").recorded_at
    assert first["Last-Modified"] == http_date(at.timestamp())
    held = api.get(path, If_Modified_Since=first["Last-Modified"])
    assert (held.status_code, held.content) == (304, b"")
    assert held["ETag"] == first["ETag"]


def test_tag_goes_before_the_time(api, settled):
    at = api.get("claims/")["Last-Modified"]
    answer = api.get("claims/", If_None_Match='"another"', If_Modified_Since=at)
    assert answer.status_code == 200


def test_time_is_not_told_while_its_second_lasts(claim):
    head = replace(read_head(), is_second_over=False)
    assert conditional.modified_at(head) is None
    assert conditional.modified_at(replace(head, is_second_over=True)) == head.recorded_at


@pytest.mark.parametrize(
    "since", ["garbage", "Fri, 01 Jan 2100 00:00:00 GMT", "\xff", "9" * 5_000, ""]
)
def test_time_that_was_not_ours_is_ignored(api, settled, since):
    assert api.get("claims/", If_Modified_Since=since).status_code == 200


def test_fields_and_expansions_have_tags_of_their_own(api, claim):
    path = f"claims/{claim.reference}/"
    tags = {tag_of(api, path + query) for query in ("", "?fields=status", "?expand=evidence")}
    assert len(tags) == 3


def test_renamed_origin_changes_the_tag_of_a_claim_told_with_its_evidence(api, cast, claim):
    origin = make_origin(cast, "Reuters")
    make_evidence(cast, claim, origin=origin)
    path = f"claims/{claim.reference}/?expand=evidence"
    tag = tag_of(api, path)
    edit_origin(cast.ada, origin.reference, values={"name": "Thomson Reuters"})
    assert not is_held(api, path, tag)


@pytest.mark.parametrize("path", ["claims/", "claims/{}/", "claims/{}/history/", "changes/"])
def test_change_of_a_claim_changes_its_tags(api, cast, claim, path):
    path = path.format(claim.reference)
    tag = tag_of(api, path)
    make_evidence(cast, claim)
    assert not is_held(api, path, tag)


def test_change_of_another_claim_leaves_a_claims_tag(api, cast, claim):
    tag = tag_of(api, f"claims/{claim.reference}/")
    make_claim(cast, "Another.")
    assert is_held(api, f"claims/{claim.reference}/", tag)


def test_renamed_claimant_changes_the_claims_tag(api, cast, claim):
    path = f"claims/{claim.reference}/"
    tag = tag_of(api, path)
    edit_origin(cast.ada, claim.claimant.reference, values={"name": "National Intelligence"})
    assert not is_held(api, path, tag)


def test_hidden_neighbour_changes_the_claims_tag(outsider, cast, claim):
    other = make_claim(cast, "The old figure.")
    link(cast.ada, claim.pk, kind=ClaimLinkKind.UPDATES, to=other.reference)
    path = f"claims/{claim.reference}/"
    tag = tag_of(outsider, path)
    set_visibility(cast.cleo, other.pk, to=Visibility.RESTRICTED, seen=fresh(other).revision)
    assert not is_held(outsider, path, tag)
    assert outsider.read(path)["related"] == []


def test_hidden_replacement_changes_the_claims_tag(outsider, cast, claim):
    kept = make_claim(cast, "The kept one.")
    close(
        cast.ada,
        claim.pk,
        reason=CloseReason.DUPLICATE,
        note="The same.",
        seen=fresh(claim).revision,
        replaced_by=kept.reference,
    )
    tag = tag_of(outsider, f"claims/{claim.reference}/")
    set_visibility(cast.cleo, kept.pk, to=Visibility.RESTRICTED, seen=fresh(kept).revision)
    assert not is_held(outsider, f"claims/{claim.reference}/", tag)


def test_look_that_found_nothing_new_moves_the_watch_alone(api, cast, claim):
    row = make_evidence(cast, claim)
    source = f"sources/{row.source.reference}/"
    paths = [f"claims/{claim.reference}/", "claims/", source, f"{source}watch/"]
    tags = [tag_of(api, path) for path in paths]
    Watch.objects.filter(source=row.source).update(looks=7)
    held = [is_held(api, path, tag) for path, tag in zip(paths, tags, strict=True)]
    assert held == [True, True, True, False]


@pytest.mark.parametrize("path", ["claims/", "claims/{}/", "changes/"])
def test_rights_are_part_of_the_tag(api, cast, claim, path):
    path = path.format(claim.reference)
    tag = tag_of(api, path)
    Membership.objects.filter(user=cast.users["ada"]).update(role=Role.READER)
    assert not is_held(api, path, tag)


def test_tag_of_another_question_is_not_held(api, claim):
    assert not is_held(api, "claims/?status=reported", tag_of(api, "claims/"))


def test_hidden_claim_is_no_304_to_who_held_it_open(outsider, cast, claim):
    path = f"claims/{claim.reference}/"
    tag = tag_of(outsider, path)
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    assert outsider.get(path, If_None_Match=tag).status_code == 404
