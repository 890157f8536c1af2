"""One look from the first request to the last answer: redirects followed by hand, hop by hop."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from claims.states import Outcome
from claims.types import Fetched, Hop
from verifier.addresses import (
    ParsedUrl,
    UrlFault,
    UrlRefused,
    decide,
    parse_url,
    read_url,
    sentence_for,
)
from verifier.fetch.answers import (
    FIRST_NOT_A_PAGE,
    REDIRECTS,
    Head,
    media_type_of,
    outcome_of_status,
    retry_after_s,
)
from verifier.fetch.exchanges import Exchange
from verifier.types import FetchRequest, Guard, Limits

PLACE_REFUSED = {UrlFault.PORT, UrlFault.NOT_PUBLIC}
ALWAYS_FATAL = {Outcome.PROTOCOL, Outcome.PROXY}
ETAG_MAX = 512
HTTP_DATE_MAX = 64
SENTENCES = {
    Outcome.BAD_ENCODING: "The body is not the gzip it says it is.",
    Outcome.BLOCKED_ADDRESS: "The address is not public.",
    Outcome.BLOCKED: "The server refuses to show the page.",
    Outcome.CLIENT_ERROR: "The server finds fault with the request.",
    Outcome.EMPTY: "The server sent no text.",
    Outcome.GONE: "The server says that the page is not there.",
    Outcome.INCOMPLETE: "The body broke off.",
    Outcome.PROTOCOL: "The answer breaks the rules of HTTP.",
    Outcome.SERVER_ERROR: "The server failed.",
    Outcome.THROTTLED: "The server asks us to come less often.",
    Outcome.TIMEOUT: "The server took too long.",
    Outcome.TOO_LARGE: "The page is larger than we read.",
    Outcome.UNSUPPORTED_ENCODING: "The body is in an encoding that was not asked for.",
}


@dataclass(slots=True)
class Journey:
    """One request on its way; `result` is there once it has ended."""

    request: FetchRequest
    guard: Guard
    limits: Limits
    spent_s: float = 0.0
    url: ParsedUrl | None = None
    hops: list[Hop] = field(default_factory=list)
    result: Fetched | None = None

    def start(self) -> bool:
        """Read the URL and judge what can be judged without asking anybody; False ends the look."""
        try:
            self.url = read_url(self.request.url)
        except UrlRefused as refusal:
            self.end(Outcome.BAD_URL, detail=str(refusal))
            return False
        return self.check(())

    def check(self, addresses: Sequence[str]) -> bool:
        """End the look (False) if the port, or one address of the host, may not be opened."""
        url = self.present()
        for address in addresses or [url.host if url.is_address else ""]:
            fault = decide(
                address, url.port, host=url.host, allow=self.guard.allow, refuse=self.guard.refuse
            )
            if fault is not None:
                self.end(Outcome.BLOCKED_ADDRESS, detail=sentence_for(fault, place=url.authority))
                return False
        return True

    def validators(self) -> tuple[str, ...]:
        """Return the conditional headers for the present hop."""
        if self.present().url != (self.request.validated_url or self._first_url()):
            return ()
        etag = _validator(self.request.etag, longest=ETAG_MAX)
        since = _validator(self.request.last_modified, longest=HTTP_DATE_MAX)
        given = {"If-None-Match": etag, "If-Modified-Since": since}
        return tuple(f"{name}: {value}" for name, value in given.items() if value)

    def arrive(self, exchange: Exchange, *, hop: Hop, failed: Outcome | None, words: str) -> None:
        """Take in the end of an exchange: go on to the next hop, or end the look.

        Args:
            exchange: With head and body as far as they came.
            hop: The same, for the record.
            failed: What libcurl's error means; None where it had none.
            words: libcurl's own words for it.
        """
        self.hops.append(hop)
        body = exchange.body.finish() if exchange.body else b""
        fault = self._fault(exchange, hop=hop)
        problem = fault or (None if exchange.has_enough else failed)
        # Whatever happens to the body of a redirect or an error, its status tells enough.
        if problem and (hop.status < FIRST_NOT_A_PAGE or problem in ALWAYS_FATAL):
            # A body too large is let go: many at once must cost no memory.
            kept = b"" if problem is Outcome.TOO_LARGE else body
            self.end(problem, detail="" if fault else words, body=kept, head=exchange.head)
        elif hop.status in REDIRECTS:
            self._redirect(hop.location)
        else:
            outcome = outcome_of_status(hop.status, was_conditional=bool(exchange.validators))
            if outcome is Outcome.CHANGED and not body:
                outcome = Outcome.EMPTY
            self.end(outcome, body=body, head=exchange.head)

    def end(
        self, outcome: Outcome, *, detail: str = "", body: bytes = b"", head: Head | None = None
    ) -> None:
        """End the look; a refusal behind a redirect is the redirect's."""
        is_refusal = outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}
        was_redirected = any(hop.status in REDIRECTS for hop in self.hops)
        told = head or Head()
        media_type, charset = media_type_of(told.last("content-type"))
        asked_to_wait = told.value("retry-after")
        self.result = Fetched(
            outcome=Outcome.REDIRECT_BLOCKED if is_refusal and was_redirected else outcome,
            url=self.url.url if self.url else self.request.url,
            status=self.hops[-1].status if self.hops else 0,
            body=body,
            media_type=media_type,
            charset=charset,
            etag=_validator(told.value("etag"), longest=ETAG_MAX),
            last_modified=_validator(told.value("last-modified"), longest=HTTP_DATE_MAX),
            hops=tuple(self.hops),
            retry_after_s=(
                retry_after_s(asked_to_wait, now=datetime.now(UTC)) if asked_to_wait else None
            ),
            detail=detail or SENTENCES.get(outcome, ""),
            elapsed_ms=round(self.spent_s * 1000),
        )

    def _fault(self, exchange: Exchange, *, hop: Hop) -> Outcome | None:
        """Name what was wrong by our own rules; libcurl's error is then only its echo."""
        if exchange.refused and not hop.status:
            return Outcome.BLOCKED_ADDRESS
        if exchange.fault is not None or exchange.head.is_ambiguous():
            return exchange.fault or Outcome.PROTOCOL
        return exchange.body.fault if exchange.body else None

    def _redirect(self, location: str) -> None:
        if not location:
            self.end(Outcome.REDIRECT_BLOCKED, detail="The redirect names no place to go to.")
            return
        seen = {hop.url for hop in self.hops}
        try:
            self.url = parse_url(location, base=self.present(), allow=self.guard.allow)
        except UrlRefused as refusal:
            self.end(Outcome.REDIRECT_BLOCKED, detail=str(refusal))
            return
        if self.url.url in seen or len(self.hops) > self.limits.redirects:
            self.end(Outcome.REDIRECT_LOOP, detail="The redirects lead round and round.")
            return
        self.check(())

    def present(self) -> ParsedUrl:
        """Return the URL of the present hop."""
        if self.url is None:
            raise RuntimeError("the journey has not started")
        return self.url

    def _first_url(self) -> str:
        return self.hops[0].url if self.hops else self.present().url


def _validator(value: str, *, longest: int) -> str:
    """Return a validator, or nothing where a stranger's server made it no line of visible text."""
    return value if len(value) <= longest and value.isascii() and value.isprintable() else ""
