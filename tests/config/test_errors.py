import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from config.errors import server_error


def answer_to(fault: Exception, request):
    try:
        raise fault
    except type(fault):
        return server_error(request)


@pytest.mark.parametrize("path", ["/", "/api/v1/claims/"])
@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("closed")])
def test_database_that_cannot_be_reached_is_a_503_to_try_again(rf, path, fault):
    answer = answer_to(fault, rf.get(path))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("path", ["/", "/api/v1/claims/"])
@pytest.mark.parametrize("fault", [ValueError("bug"), IntegrityError("bug")])
def test_other_faults_are_a_500_without_their_words(rf, path, fault):
    answer = answer_to(fault, rf.get(path))
    assert answer.status_code == 500
    assert b"bug" not in answer.content


def test_systems_are_told_in_problem_details(rf):
    answer = answer_to(ValueError("bug"), rf.get("/api/v1/claims/"))
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "text/html"), ("/api/v1/claims/", "application/problem+json")]
)
def test_a_host_that_is_not_ours_is_a_400_with_the_notice_or_a_problem(
    client, settings, path, kind
):
    settings.ALLOWED_HOSTS = ["stet.example.org"]
    settings.SITE_NOTICE = "Demonstration data"
    answer = client.get(path, headers={"host": "evil.example.org"})
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith(kind)
    assert ("Demonstration data" in answer.content.decode()) is (kind == "text/html")
