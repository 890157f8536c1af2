"""Sources on record that lie on the hostile server, and the watch that looks at them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from claims.models import Evidence, Flag, Source, Watch
from claims.services.ledger import recording
from claims.services.sources import link_page
from claims.states import Outcome, QuoteState
from tests.claims.cast import Cast, make_claim, make_evidence
from tests.hostile.answers import OK, whole
from tests.hostile.server import Server
from verifier.recheck import Means, recheck_batch

QUOTE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def page(quote: str = QUOTE, *, around: str = "", head: str = "") -> bytes:
    """An article's bytes."""
    more = "The ministry did not comment on the report when it was asked on Friday evening."
    return (
        f"<!doctype html><html lang='en'><head><title>Soldiers</title>{head}</head><body>"
        f"<nav>{around}</nav><article><h1>Soldiers</h1><p>{quote}</p><p>{more}</p></article>"
        f"<footer>{around}</footer></body></html>"
    ).encode()


def link(cast: Cast, urls: Iterable[str], *, allow: frozenset[str]) -> None:
    """Put sources on record that nothing rests on."""
    with recording(cast.ada) as record:
        for url in urls:
            link_page(url, record=record, allow=allow)


def rest(cast: Cast, server: Server, *, path: str = "/page", quote: str = QUOTE) -> Evidence:
    """Evidence whose quote the watch has to find on the server's page."""
    claim = make_claim(cast, "About 1,500 soldiers have arrived.")
    url = server.url(path)
    return make_evidence(cast, claim, url=url, quote=quote, state=QuoteState.UNCHECKED)


def look(means: Means) -> dict[Outcome, int]:
    """Make everything due and look at it once; how often each outcome came."""
    Watch.objects.filter(due_at__isnull=False).update(due_at=LONG_AGO)
    return dict(recheck_batch(means).outcomes)


def show(server: Server, body: bytes, *, path: str = "/page", head: bytes = OK) -> None:
    """Let the server show a page."""
    server.routes[path] = whole(body, head=head)


def flags() -> list[str]:
    return list(Flag.objects.order_by("pk").values_list("kind", flat=True))


def recorded() -> dict[str, str]:
    """The outcome of the open run of each source, by the path of its address."""
    rows = Watch.objects.select_related("source")
    return {path_of(row.source): row.run_outcome for row in rows}


def path_of(source: Source) -> str:
    return "/" + (source.url or "").partition("://")[2].partition("/")[2]
