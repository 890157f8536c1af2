"""Which version was seen: a write on what somebody changed meanwhile changes nothing."""

import pytest

from claims.services.origins import edit_origin
from claims.services.reviews import ask_for_review
from claims.states import FlagKind
from tests.claims.api.writing import writer
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast):
    return writer(cast, "ada", cast.desk)


@pytest.fixture
def claim(cast):
    return make_claim(cast, claimant=make_origin(cast, "NIS"))


def edit(by, claim, **headers):
    return by.patch(f"claims/{claim.reference}/", {"topic": "war"}, **headers)


def test_write_without_if_match_is_428(ada, claim):
    answer = edit(ada, claim)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert fresh(claim).topic == ""


def test_write_on_any_version_is_428(ada, claim):
    assert edit(ada, claim, If_Match="*").status_code == 428


def test_tag_as_it_was_read_matches(ada, claim):
    answer = edit(ada, claim, If_Match=ada.tag(f"claims/{claim.reference}/"))
    assert (answer.status_code, answer.json()["topic"]) == (200, "war")
    assert edit(ada, claim, If_Match=answer["ETag"]).status_code == 200


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', ' "{}" '])
def test_revision_in_quotes_matches(ada, claim, form):
    assert edit(ada, claim, If_Match=form.format(claim.revision)).status_code == 200


def test_stale_tag_is_412_with_the_tag_of_what_is_there(ada, cast, claim):
    path = f"claims/{claim.reference}/"
    held = ada.tag(path)
    make_evidence(cast, claim)
    answer = edit(ada, claim, If_Match=held)
    assert (answer.status_code, answer.json()["code"]) == (412, "revision_moved")
    assert answer["ETag"] == ada.tag(path) != held
    assert fresh(claim).topic == ""
    assert edit(ada, claim, If_Match=answer["ETag"]).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        '"0"',
        '"99"',
        '"abc"',
        '"1", "2"',
        '"' + "9" * 80_000 + '"',
    ],
)
def test_tag_that_names_no_present_version_is_412(ada, claim, header):
    answer = edit(ada, claim, If_Match=header)
    assert answer.status_code == 412
    assert answer["ETag"] == ada.tag(f"claims/{claim.reference}/")


@pytest.mark.parametrize("header", ["1", 'W/"', '"1', '"１"', "\xff", '"1" "2"', "{}"])
def test_what_is_no_tag_at_all_is_400(ada, claim, header):
    answer = edit(ada, claim, If_Match=header)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_what_moves_without_a_revision_stops_no_write(ada, cast, claim):
    path = f"claims/{claim.reference}/"
    held = ada.tag(path)
    edit_origin(cast.ada, claim.claimant.reference, values={"name": "National Intelligence"})
    assert ada.tag(path) != held
    assert edit(ada, claim, If_Match=held).status_code == 200


def test_evidence_and_reviews_go_by_the_revision_of_their_claim(ada, cast, claim):
    row = make_evidence(cast, claim)
    ask_for_review(cast.cleo, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    review = f"reviews/{claim.reviews.get().reference}/"
    evidence = f"evidence/{row.reference}/"
    tags = [ada.tag(path) for path in (evidence, review)]
    assert {tag[:5] for tag in tags} == {f'W/"{fresh(claim).revision}-'}
    make_claim(cast, "Another.")
    assert ada.patch(evidence, {"credibility": 2}, If_Match=tags[0]).status_code == 200
    for path, step, body in (
        (evidence, "withdraw/", {"reason": "So."}),
        (review, "assign/", {"to": None}),
        (review, "due/", {"due_at": None}),
        (review, "stands/", {"rationale": "So."}),
    ):
        stale = ada.post(f"{path}{step}", body, If_Match=tags[1])
        assert (stale.status_code, stale["ETag"]) == (412, ada.tag(path))


@pytest.mark.parametrize(
    "path",
    [
        "claims/ST-000000/close/",
        "evidence/EV-000000/withdraw/",
        "reviews/RE-000000/stands/",
        "claims/nothing/flags/",
    ],
)
def test_write_on_what_is_not_there_is_404(ada, path):
    bodies = {
        "close": {"reason": "mistake", "note": "So."},
        "withdraw": {"reason": "So."},
        "stands": {"rationale": "So."},
        "flags": {"kind": "tip", "detail": "So."},
    }
    answer = ada.post(path, bodies[path.split("/")[-2]], If_Match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
