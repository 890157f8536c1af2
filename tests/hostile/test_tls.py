"""TLS: what is not verified is not read, and never tried again without verification."""

import hashlib
import ssl
import warnings

import pytest

from claims.states import Outcome
from tests.hostile.answers import OK, PAGE, ROUTES, redirect
from tests.hostile.server import CERTIFICATES, Server, Visitor, tls_context
from verifier.fetch import fetch, fetch_many
from verifier.types import FetchRequest, Guard, Limits

LIMITS = Limits(total_s=3.0, connect_s=3.0)
AUTHORITY = str(CERTIFICATES / "authority.pem")


def look(server: Server, path: str = "/fine", *, allow: frozenset[str] = frozenset()):
    guard = Guard(allow=server.allow | allow, ca_file=AUTHORITY)
    return fetch(FetchRequest(server.url(path)), limits=LIMITS, guard=guard)


def test_a_verified_page_is_read_and_its_certificate_noted():
    pem = (CERTIFICATES / "good.pem").read_text()
    with Server(ROUTES, tls=tls_context("good")) as server:
        got = look(server)
    assert (got.outcome, got.body) == (Outcome.CHANGED, PAGE)
    certificate = pem[pem.index("-----BEGIN CERTIFICATE") :]
    assert got.hops[0].certificate_sha256 == sha256_of(certificate)


def sha256_of(pem: str) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def test_the_certificate_is_noted_for_every_look_over_one_connection():
    with Server(ROUTES, tls=tls_context("good"), keeps_alive=True) as server:
        guard = Guard(allow=server.allow, ca_file=AUTHORITY)
        requests = [FetchRequest(server.url("/fine"))] * 3
        found = fetch_many(requests, limits=Limits(per_host=1), guard=guard)
    assert server.connections == 1
    assert len({got.hops[0].certificate_sha256 for got in found}) == 1
    assert all(got.hops[0].certificate_sha256 for got in found)


@pytest.mark.catalogue(29)
@pytest.mark.parametrize("certificate", ["expired", "wrong_host", "self_signed", "sha1"])
def test_a_certificate_that_proves_nothing_ends_the_look(certificate):
    with Server(ROUTES, tls=tls_context(certificate)) as server:
        got = look(server)
    assert (got.outcome, server.heads) == (Outcome.TLS, [])
    assert got.detail


@pytest.mark.catalogue(29)
def test_a_certificate_of_an_unknown_authority_ends_the_look():
    with Server(ROUTES, tls=tls_context("good")) as server:
        guard = Guard(allow=server.allow)
        got = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    assert got.outcome is Outcome.TLS


@pytest.mark.catalogue(29)
def test_an_old_version_of_tls_ends_the_look():
    context = tls_context("good")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Server(ROUTES, tls=context) as server:
        assert look(server).outcome is Outcome.TLS


@pytest.mark.catalogue(29)
def test_plain_http_where_tls_was_asked_for_ends_the_look():
    with Server(ROUTES) as server:
        guard = Guard(allow=server.allow, ca_file=AUTHORITY)
        url = server.url("/fine").replace("http:", "https:")
        assert fetch(FetchRequest(url), limits=LIMITS, guard=guard).outcome is Outcome.TLS


@pytest.mark.catalogue(32)
def test_a_way_down_from_https_to_http_is_followed_and_on_record():
    with Server(ROUTES) as plain:
        routes = {"/": redirect(plain.url("/fine"))}
        with Server(routes, tls=tls_context("good")) as server:
            got = look(server, "/", allow=plain.allow)
    assert got.outcome is Outcome.CHANGED
    assert [hop.url.partition(":")[0] for hop in got.hops] == ["https", "http"]


@pytest.mark.catalogue(52)
def test_a_body_that_ends_without_the_close_of_tls_is_incomplete():
    def cut(visitor: Visitor) -> None:
        visitor.send(OK + b"\r\n" + PAGE)

    with Server({"/": cut}, tls=tls_context("good")) as server:
        got = look(server, "/")
    assert (got.outcome, got.body) == (Outcome.INCOMPLETE, PAGE)
