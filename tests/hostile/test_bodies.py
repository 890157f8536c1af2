"""Bodies no system should send to the API: each is refused by name, and nothing is written."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim, LedgerEntry
from claims.states import Visibility
from tests.claims.api.writing import writer
from tests.claims.cast import make_cast, make_claim
from tests.hostile.catalogue import case

pytestmark = pytest.mark.django_db

STATEMENT = b'{"statement": "It is so."'


@pytest.fixture(scope="module")
def cast(module_db):
    return make_cast()


@pytest.fixture(scope="module")
def ada(cast):
    return writer(cast, "ada", cast.desk)


def refused(answer, status: int = 400):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Claim.objects.exists()
    return answer.json()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        case(88, b"", "empty"),
        case(88, b" \n", "empty"),
        case(88, b"null", "JSON object"),
        case(88, b"[]", "JSON object"),
        case(88, b'"x"', "JSON object"),
        case(88, b"7", "JSON object"),
        case(89, STATEMENT, "line 1, column"),
        case(89, STATEMENT + b",}", "line 1, column"),
        case(89, STATEMENT + b"} x", "line 1, column 28"),
        case(89, b"{'statement': 1}", "line 1, column 2"),
        case(89, b"\xef\xbb\xbf" + STATEMENT + b"}", "byte order mark", name="BOM"),
        case(89, b'{"statement": "\xff"}', "Byte 15"),
        case(89, b'{"statement": "\xed\xa0\x80"}', "Byte 15", name="a surrogate in UTF-8"),
        case(89, b'{"statement": "a\nb"}', "line 1, column"),
        case(89, '{"statement": "x"}'.encode("utf-16"), "Byte 0", name="UTF-16"),
        case(93, b'{"statement": ' + b"[" * 100_000, "nested too deeply", name="100,000 deep"),
        case(93, b'{"a":' * 100_000, "nested too deeply", name="100,000 objects deep"),
    ],
)
def test_what_is_no_json_object_is_refused_with_the_place(ada, body, told):
    problem = refused(ada.post("claims/", body))
    assert problem["code"] == "malformed"
    assert told in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        case(90, b'"priority": NaN', "priority"),
        case(90, b'"priority": -Infinity', "priority"),
        case(90, b'"priority": 1e999', "priority"),
        case(90, b'"priority": 1180591620717411303424', "priority"),
        case(90, b'"priority": ' + b"1" * 5000, "priority", name="5,000 digits"),
        case(90, b'"priority": -0', "priority"),
        case(90, b'"priority": 2.0', "priority"),
        case(90, b'"priority": "2"', "priority"),
        case(90, b'"priority": true', "priority"),
        case(90, b'"figures": [{"value": 1e999}]', "figures.0.value"),
        case(90, b'"figures": [{"value": NaN}]', "figures.0.value"),
        case(90, b'"figures": [{"value": "1_000"}]', "figures.0.value"),
        case(90, '"figures": [{"value": "１５"}]'.encode(), "figures.0.value"),
        case(90, b'"figures": [{"value": 0.1234567}]', "figures.0.value"),
        case(90, b'"figures": [{"value": true}]', "figures.0.value"),
        case(91, b'"statement": "Otherwise."', "statement"),
        case(91, b'"figures": [{"value": "1", "value": "2"}]', "value"),
        case(92, b'"status": "corroborated"', "status"),
        case(92, b'"id": 1', "id"),
        case(92, b'"is_staff": true', "is_staff"),
        case(92, b'"recorded_at": "2024-10-18T00:00:00Z"', "recorded_at"),
        case(92, b'"figures": [{"value": "1", "claim_id": 1}]', "figures.0.claim_id"),
        case(93, b'"topic": ' + b"[" * 40 + b"]" * 40, "topic", name="40 deep"),
        case(
            93,
            b'"figures": [' + b'{"value":' * 40 + b"1" + b"}" * 40 + b"]",
            "figures.0.value",
            name="40 in a field",
        ),
        case(94, rb'"topic": "\u0000"', "topic"),
        case(94, rb'"topic": "\ud800"', "topic"),
        case(94, rb'"claimant_text": "\udfff\ud800"', "claimant_text"),
        case(94, rb'"claimant_text": "\u202e"', "claimant_text"),
        case(94, rb'"\u0000": 1', "\x00"),
        case(94, rb'"\ud800": 1', "\ud800"),
        case(97, b'"as_of_on": "0000-00-00"', "as_of_on"),
        case(97, b'"as_of_on": "2024-02-30"', "as_of_on"),
        case(97, b'"as_of_on": "2024-W42-5"', "as_of_on"),
        case(97, b'"as_of_on": "20241018"', "as_of_on"),
        case(97, b'"as_of_on": "2024-10-18T00:00:00Z"', "as_of_on"),
        case(97, '"as_of_on": "２０２４-10-18"'.encode(), "as_of_on"),
        case(98, b'"kind": "FACT"', "kind"),
        case(98, b'"kind": "rumour"', "kind"),
        case(98, b'"kind": ["fact"]', "kind"),
        case(98, b'"visibility": "secret"', "visibility"),
        case(103, b'"figures": [' + b"1," * 99_999 + b"1]", "figures", name="100,000 figures"),
        case(103, b'"links": [' + b"{}," * 20 + b"{}]", "links", name="21 links"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_at_it(ada, body, field):
    problem = refused(ada.post("claims/", STATEMENT + b", " + body + b"}"))
    assert field in problem["errors"]
    assert len(json.dumps(problem)) < 4_000


@pytest.mark.parametrize(
    "text",
    [
        case(101, "a" + "\u0301" * 1_000_000, name="a million marks"),
        case(101, "\U0001f600" * 500_000, name="half a million faces"),
        case(101, "e\u0301" * 2001, name="2,001 letters in two signs each"),
    ],
)
def test_length_is_counted_after_composing_and_never_slowly(ada, text):
    body = json.dumps({"statement": text}, ensure_ascii=False).encode()
    problem = refused(ada.post("claims/", body))
    assert problem["errors"] == {"statement": ["is longer than 2000 characters."]}


@pytest.mark.catalogue(101)
def test_text_that_composes_to_the_limit_is_kept(ada):
    answer = ada.post("claims/", {"statement": "e\u0301" * 2000})
    assert answer.json()["statement"] == "\u00e9" * 2000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        case(95, {"Content_Encoding": "gzip"}, 415),
        case(95, {"Content_Encoding": "br, gzip"}, 415),
        case(96, {"Content-Type": ""}, 415, name="none"),
        case(96, {"Content-Type": "text/plain"}, 415, name="text"),
        case(96, {"Content-Type": "application/xml"}, 415, name="xml"),
        case(96, {"Content-Type": "application/json; charset=utf-16"}, 415, name="utf-16"),
        case(96, {"Content-Type": "application/json; charset=base64"}, 415, name="base64"),
        case(96, {"Content-Type": "application/json; charset=nope"}, 415, name="nope"),
        case(96, {"Content-Type": "application/json;;;="}, 201, name="garbage parameters"),
        case(96, {"Content-Type": "multipart/form-data"}, 400, name="multipart without boundary"),
        case(96, {"Content-Type": "multipart/form-data; boundary=x"}, 415, name="multipart"),
        case(96, {"Content-Type": "application/x-www-form-urlencoded"}, 415, name="form"),
        case(96, {"Content-Type": 'application/json; charset="UTF-8"'}, 201, name="quoted"),
    ],
)
def test_what_is_not_plain_json_is_refused_by_its_header(ada, headers, status):
    body = STATEMENT + b"}"
    answer = ada.post("claims/", body, **headers)
    assert answer.status_code == status, answer.content


@pytest.mark.catalogue(95)
def test_body_of_three_megabytes_is_413(ada):
    body = STATEMENT + b', "topic": "' + b"x" * 3_000_000 + b'"}'
    assert refused(ada.post("claims/", body), 413)["code"] == "too_large"


@pytest.mark.catalogue(95)
def test_body_in_chunks_of_unknown_length_is_411(ada):
    answer = Client().generic(
        "POST",
        "/api/v1/claims/",
        b"",
        content_type="application/json",
        headers={"Authorization": f"Bearer {ada.secret}", "Transfer-Encoding": "chunked"},
    )
    assert refused(answer, 411)["code"] == "length_required"


@pytest.mark.parametrize(
    ("step", "body", "status", "told"),
    [
        case(98, "status/", {"status": "corroborated"}, 400, "reported, disputed"),
        case(98, "status/", {"status": "Disputed"}, 400, "reported, disputed"),
        case(98, "status/", {"status": "reported", "ground": "single_origin"}, 409, "reported"),
        case(98, "proposals/", {"status": "disputed"}, 409, "one person"),
    ],
)
def test_move_that_is_none_names_those_there_are(ada, cast, step, body, status, told):
    claim = make_claim(cast)
    whole = {"ground": "shown_false", "rationale": "So."} | body
    answer = ada.post(f"claims/{claim.reference}/{step}", whole, If_Match='"1"')
    assert answer.status_code == status
    assert told in answer.content.decode()


@pytest.mark.catalogue(99)
@pytest.mark.parametrize(
    ("header", "status"), [("", 428), ("*", 428), ('"7"', 412), ("W/x", 400), ('"1"', 200)]
)
def test_change_without_the_version_seen_is_not_made(ada, cast, header, status):
    claim = make_claim(cast)
    answer = ada.patch(f"claims/{claim.reference}/", {"topic": "war"}, If_Match=header)
    assert answer.status_code == status


@pytest.mark.catalogue(102)
@pytest.mark.parametrize(
    ("step", "method", "body"),
    [
        ("", "PATCH", {"topic": "war"}),
        ("close/", "POST", {"reason": "mistake", "note": "So."}),
        ("flags/", "POST", {"kind": "tip", "detail": "So."}),
        ("proposals/withdraw/", "POST", {"reason": "So."}),
    ],
)
def test_hidden_claim_of_another_desk_is_as_one_that_never_was(cast, step, method, body):
    hidden = make_claim(cast, visibility=Visibility.RESTRICTED).reference
    omar = writer(cast, "omar", cast.other_desk)
    answers = [
        omar.ask(method, f"claims/{name}/{step}", body, If_Match='"1"')
        for name in (hidden, "ST-000000")
    ]
    told = [answer.json() | {"request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        case(104, "TRACE", {}, 405),
        case(104, "FOO", {}, 405),
        case(104, "DELETE", {}, 405),
        case(104, "POST", {"X_HTTP_Method_Override": "PATCH"}, 405),
    ],
)
def test_method_that_is_none_here_is_405(ada, cast, method, headers, status):
    claim = make_claim(cast)
    answer = ada.ask(method, f"claims/{claim.reference}/", {"topic": "war"}, **headers)
    assert answer.status_code == status
    assert "PATCH" in answer["Allow"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["statement", "kind", "figures", "as_of_on", "claimant", "appearance", "links", "desk", "topic"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(NAMES, JSON, max_size=4) | JSON, header=st.text(max_size=30))
def test_no_body_and_no_header_is_a_fault_of_ours(ada, body, header):
    sent = {"If_Match": header.encode("utf-8", "replace").decode("latin-1")}
    entries = LedgerEntry.objects.count()
    answer = ada.post("claims/", json.dumps(body).encode(), **sent)
    assert answer.status_code in {201, 400, 409}
    assert (LedgerEntry.objects.count() > entries) is (answer.status_code == 201)
