"""What a snapshot keeps of the look it comes from, so that the look can be shown to others."""

import hashlib
import ssl
from contextlib import closing
from datetime import timedelta

import pytest

from claims.models import Snapshot
from claims.states import Outcome, QuoteState
from tests.claims.cast import make_cast, make_claim, make_evidence
from tests.hostile.answers import status, whole
from tests.hostile.server import CERTIFICATES, Server, tls_context
from verifier.archive import Folder, load
from verifier.pages import Pages
from verifier.recheck import Means, recheck_batch
from verifier.types import Guard, Limits

QUOTE = "At least 240 houses in the valley were under water on Friday evening, the office said."
PAGE = f"""<!doctype html><html lang="de"><head><title>Flood</title></head><body><article><h1>Flood</h1>
<p>The ministry met reporters in the capital on Friday to speak about the flood — “all of it”.</p>
<p>{QUOTE}</p><p>Crews worked through the night to clear the roads along the river.</p>
</article></body></html>""".encode("cp1252")
FIELDS = ("Content-Type: text/html; charset=Windows-1252", "X-Robots-Tag: noarchive", 'ETag: "one"')
ROUTES = {
    "/old": status("301 Moved", "Location: /story", "X-Cache: a", "Set-Cookie: a=b", body=b""),
    "/story": whole(
        PAGE, head="\r\n".join(["HTTP/1.1 200 OK", "Connection: close", *FIELDS, ""]).encode()
    ),
}


@pytest.fixture
def kept(committed_db, tmp_path, settings):
    """The server, the snapshot of a look at a page that was moved, and the archive."""
    with (
        Server(ROUTES, tls=tls_context("good")) as server,
        Pages(size=1) as pages,
    ):
        settings.FETCH_ALLOW_PRIVATE = server.allow
        cast = make_cast()
        claim = make_claim(cast)
        state = QuoteState.UNCHECKED
        make_evidence(cast, claim, url=server.url("/old"), quote=QUOTE, state=state)
        means = Means(
            pages=pages,
            blobs=Folder(tmp_path),
            guard=Guard(allow=server.allow, ca_file=str(CERTIFICATES / "authority.pem")),
            limits=Limits(total_s=10),
            pause=timedelta(0),
        )
        with closing(means.fetcher):
            assert dict(recheck_batch(means).outcomes) == {Outcome.CHANGED: 1}
        yield server, Snapshot.objects.get(), means.blobs


def test_the_raw_bytes_their_hash_and_their_size_are_kept(kept):
    _, row, blobs = kept
    assert (row.sha256, row.size_bytes) == (hashlib.sha256(PAGE).hexdigest(), len(PAGE))
    assert load(row.sha256, blobs=blobs) == PAGE


def test_every_hop_is_kept_with_its_peer_and_headers(kept):
    server, row, _ = kept
    assert [hop["url"] for hop in row.hops] == [server.url("/old"), server.url("/story")]
    assert [hop["status"] for hop in row.hops] == [301, 200]
    assert {hop["peer"] for hop in row.hops} == {server.authority}
    assert row.hops[0]["location"] == "/story"
    assert ["x-cache", "a"] in row.hops[0]["headers"]
    assert ["etag", '"one"'] in row.hops[1]["headers"]
    assert ["content-length", str(len(PAGE))] in row.hops[1]["headers"]


def certificate_sha256() -> str:
    pem = (CERTIFICATES / "good.pem").read_text()
    certificate = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])
    return hashlib.sha256(certificate).hexdigest()


def test_the_certificate_of_a_first_connection_is_kept(kept):
    _, row, _ = kept
    assert row.hops[0]["certificate_sha256"] == certificate_sha256()


def test_the_certificate_is_kept_for_every_hop(kept):
    _, row, _ = kept
    assert {hop["certificate_sha256"] for hop in row.hops} == {certificate_sha256()}


def test_a_cookie_is_no_evidence_and_is_not_kept(kept):
    _, row, _ = kept
    assert "set-cookie" not in {name for hop in row.hops for name, _ in hop["headers"]}


def test_address_type_charset_and_time_are_kept(kept):
    server, row, _ = kept
    assert (row.url, row.media_type) == (server.url("/story"), "text/html")
    assert row.charset in {"windows-1252", "cp1252"}
    assert "“all of it”" in row.text
    assert row.taken_at is not None


def test_what_looked_is_kept(kept):
    _, row, _ = kept
    assert row.tool.startswith("Stet/")
    assert {"libcurl", "lxml"} <= {word.partition("/")[0] for word in row.tool.split()}


def test_how_long_the_look_took_is_kept(kept):
    _, row, _ = kept
    assert row.elapsed_ms > 0


def test_that_the_publisher_wants_no_copy_shown_is_noted(kept):
    _, row, _ = kept
    assert row.may_archive is False
