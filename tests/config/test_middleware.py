import pytest


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/healthz%00", ""),
        ("/healthz?q=a%00b", ""),
        ("/healthz?%00=1", ""),
        ("/healthz", 'stet_session="a\\000b"'),
    ],
)
def test_nul_in_path_query_or_cookie_is_a_bad_request(client, path, cookie):
    assert client.get(path, headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize("form", [{"username": "a\x00"}, {"user\x00name": "a"}])
def test_nul_in_a_form_is_a_bad_request(client, form):
    assert client.post("/healthz", form).status_code == 400


def test_nul_is_told_to_systems_as_problem_details(client):
    answer = client.get("/api/v1/claims/?status=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "The request contains the character U+0000."


def test_request_without_a_nul_passes_the_guard(client):
    assert client.post("/healthz", {"username": "ada"}).status_code == 405


def test_every_answer_carries_the_strict_content_policy(client):
    policy = client.post("/healthz")["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    }


def test_request_id_given_by_the_proxy_is_kept(client):
    answer = client.post("/healthz", headers={"X-Request-ID": "0123456789abcdef"})
    assert answer["X-Request-ID"] == "0123456789abcdef"


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "line\r\nbreak!!"])
def test_request_id_that_could_spoil_a_log_line_is_replaced(client, given):
    assert client.post("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given
