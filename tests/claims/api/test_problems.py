import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404
from rest_framework import exceptions

from claims import errors
from claims.api.problems import KINDS, as_problem

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}


def every_record_error(root=errors.RecordError):
    for error in root.__subclasses__():
        yield error
        yield from every_record_error(error)


@pytest.mark.parametrize("error", [*every_record_error()])
def test_every_refusal_of_the_record_has_a_code(error):
    made = error.__new__(error)
    made.field, made.reason, made.reference = "statement", "is required.", "ST-AAAAAA"
    problem = as_problem(made)
    assert (problem is None) == (error is errors.LedgerBroken)
    if problem is not None:
        assert 400 <= problem.status_code < 500


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InvalidInput("statement", "is required."), 400, "invalid_input"),
        (errors.NotFound("There is no such claim."), 404, "not_found"),
        (errors.NotAllowed("You may not."), 403, "not_allowed"),
        (errors.RevisionMoved(seen=1, now=2), 412, "revision_moved"),
        (errors.TransitionRefused("No."), 409, "rule_refused"),
        (errors.ProposalVoid("No."), 409, "rule_refused"),
        (errors.AlreadyExists("ST-AAAAAA", "There is one."), 409, "already_exists"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (DataError(), 400, "invalid_input"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (exceptions.Throttled(wait=3), 429, "too_many_requests"),
    ],
)
def test_refusal_becomes_its_problem(error, status, code):
    problem = as_problem(error)
    assert problem is not None
    assert (problem.status_code, problem.code) == (status, code)


def test_fault_of_our_own_is_no_problem_of_the_callers():
    assert as_problem(errors.LedgerBroken(7, "does not follow")) is None
    assert as_problem(ZeroDivisionError()) is None


def test_invalid_input_names_field_and_reason():
    problem = as_problem(errors.InvalidInput("statement", "is required."))
    assert problem is not None
    assert problem.fields == {"statement": ["is required."]}


@pytest.mark.parametrize(
    "path", ["nothing/", "claims", "claims/ST-AAAAAA/nothing/", "..", "%2e%2e/"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_address_is_a_404_problem_to_everybody(client, path, method):
    answer = getattr(client, method)(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_problem_tells_all_members_and_its_request(api):
    answer = api.get("claims/?nonsense=1")
    problem = answer.json()
    assert problem.keys() == MEMBERS | {"errors"}
    assert problem["status"] == answer.status_code == 400
    assert problem["request_id"] == answer["X-Request-ID"]
    assert problem["type"] == "http://testserver/api/v1/docs/#invalid_input"
    assert answer["Cache-Control"] == "no-store"


def test_every_code_is_explained_on_the_page(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    assert [code for code in KINDS if f'id="{code}"' not in page] == []


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*", "q=zz", "/"])
def test_accept_that_is_no_json_is_406_or_answered(api, accept):
    assert api.get("claims/", Accept=accept).status_code in {200, 406}


def test_accept_without_json_is_a_problem(api):
    answer = api.get("claims/", Accept="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_huge_accept_is_no_fault(api):
    assert api.get("claims/", Accept="a/b," * 20_000).status_code in {200, 406}
