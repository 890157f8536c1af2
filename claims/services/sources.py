"""Link pages; ask for a look; say how a source is to be treated."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import connection

from claims.access import sources_visible_to
from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Claim, Host, Origin, Source, Watch
from claims.services import fields
from claims.services.ledger import Recorder, Text, recording
from claims.states import EntryKind, Role, SourceKind
from claims.text.addresses import parse_url
from claims.text.addresses.faults import UrlRefused
from claims.types import Actor

NOTHING: Mapping[str, Any] = MappingProxyType({})


def link_page(
    url: str,
    *,
    record: Recorder,
    allow: frozenset[str],
    title: str = "",
    publisher: Origin | None = None,
    is_expected_to_change: bool = False,
    is_fetched: bool = True,
) -> Source:
    """Return the source of a URL, linking it if it is new; the watch then looks at once.

    Args:
        url: as a person typed it; parsed once, by the parser the fetcher uses. DNS is not asked.
        record: of the running transaction.
        allow: exact host:port words that may be non-public (settings.FETCH_ALLOW_PRIVATE).
        title: for people, until the page names itself.
        publisher: whose page it is.
        is_expected_to_change: a live blog: flags only a contradicted figure.
        is_fetched: false for *do not fetch*.

    Raises:
        InvalidInput: field `url`, with the parser's reason.
    """
    details = {
        "title": fields.text_of("title", title, most=500),
        "publisher": publisher,
        "is_expected_to_change": is_expected_to_change,
        "is_fetched": is_fetched,
    }
    source, is_new = found_or_linked(url, record=record, allow=allow, details=details)
    if not is_new:
        look_soon(source, record=record)
    return source


def found_or_linked(
    url: str, *, record: Recorder, allow: frozenset[str], details: Mapping[str, Any] = NOTHING
) -> tuple[Source, bool]:
    """Return the source of a URL, and whether it was linked just now; a new one is due at once.

    One that was merged away answers with the source that was kept.
    """
    try:
        parsed = parse_url(url, allow=allow)
    except UrlRefused as refused:
        raise InvalidInput("url", str(refused)) from refused
    source, is_new = Source.objects.get_or_create(
        url=parsed.url, defaults={"given_url": url.strip(), **details}
    )
    if is_new:
        _watch(source, authority=parsed.authority, record=record)
        _enter(source, record=record)
    return source.merged_into or source, is_new


def add_item(kind: SourceKind, title: str, *, record: Recorder) -> Source:
    """Put an offline item on record: an interview, a document, a photo or a video.

    Raises:
        InvalidInput: `kind` is a page's, or `title` is empty or too long.
    """
    if kind is SourceKind.PAGE:
        raise InvalidInput("kind", "a web page is linked by its address.")
    words = fields.text_of("title", title, most=500, is_required=True)
    source = Source.objects.create(kind=kind, title=words, is_fetched=False)
    _enter(source, record=record)
    return source


def _watch(source: Source, *, authority: str, record: Recorder) -> None:
    host, _ = Host.objects.get_or_create(authority=authority)
    due = record.at if source.is_fetched else None
    Watch.objects.create(source=source, host=host, due_at=due)


def _enter(source: Source, *, record: Recorder) -> None:
    record.add(
        EntryKind.SOURCE_ADDED,
        source=source.reference,
        sets={
            source.reference: {
                "kind": source.kind,
                "url": Text(source.url or ""),
                "given_url": Text(source.given_url),
                "title": Text(source.title),
                "publisher": source.publisher.reference if source.publisher else None,
                "is_expected_to_change": source.is_expected_to_change,
                "is_fetched": source.is_fetched,
                "link_state": source.link_state,
                "link_state_since_at": source.link_state_since_at,
                "created_at": source.created_at,
            }
        },
    )


LOOK_AGAIN = """
UPDATE claims_watch SET due_at = %(at)s
WHERE source_id IN (
    SELECT w.source_id FROM claims_watch w JOIN claims_evidence e ON e.source_id = w.source_id
    WHERE e.claim_id = %(claim)s AND e.withdrawn_at IS NULL AND w.due_at > %(at)s
    FOR NO KEY UPDATE OF w SKIP LOCKED
)
"""


def look_again(claim: Claim, *, record: Recorder) -> None:
    """Have all sources of a claim looked at soon, as when it is worked again.

    Watches that are being written have just been looked at; they are not waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOOK_AGAIN, {"at": record.at, "claim": claim.pk})


def look_soon(source: Source, *, record: Recorder) -> None:
    """Make a watched source due now, and have the whole page fetched, validators or not.

    A look that is under way began before this was asked for: it loses its lease.
    """
    Watch.objects.filter(source=source, due_at__isnull=False).update(
        due_at=record.at,
        etag="",
        last_modified="",
        raw_sha256="",
        lease_token=None,
        lease_until_at=None,
        attempts=0,
    )


def recheck_now(actor: Actor, reference: str) -> Source:
    """Ask for a look at once: a row, not a message; the watch finds it at its next round.

    Raises:
        NotFound: no such source for this actor.
        RuleRefused: it is never fetched.
    """
    with recording(actor) as record:
        source = worked_source(actor, reference)
        if not source.is_fetched:
            raise RuleRefused("This source is marked: do not fetch.")
        look_soon(source, record=record)
        return source


def set_treatment(
    actor: Actor,
    reference: str,
    *,
    is_fetched: bool,
    is_expected_to_change: bool,
) -> Source:
    """Say whether a source is fetched, and whether its page is expected to change.

    A look that is under way when a source is marked *do not fetch* loses its lease. Saying what is
    said already changes nothing.
    """
    with recording(actor) as record:
        source = worked_source(actor, reference, lock=True)
        says = {"is_fetched": is_fetched, "is_expected_to_change": is_expected_to_change}
        if all(getattr(source, name) == value for name, value in says.items()):
            return source
        if source.is_fetched != is_fetched:
            _stop_or_start(source, is_fetched=is_fetched, record=record)
        for name, value in says.items():
            setattr(source, name, value)
        source.save(update_fields=[*says])
        record.add(EntryKind.SOURCE_EDITED, source=source.reference, sets={source.reference: says})
        return source


def _stop_or_start(source: Source, *, is_fetched: bool, record: Recorder) -> None:
    due_at = record.at if is_fetched else None
    Watch.objects.filter(source=source).update(due_at=due_at, lease_token=None, lease_until_at=None)


def worked_source(actor: Actor, reference: str, *, lock: bool = False) -> Source:
    """Return a source somebody works on, locked where asked for.

    Raises:
        NotAllowed: the actor is no fact-checker or editor anywhere.
        NotFound: no such source for this actor.
        RuleRefused: it was merged into another one, which is worked on in its place.
    """
    if not any(role is not Role.READER for _, role in actor.roles):
        raise NotAllowed("Only fact-checkers and editors work on sources.")
    rows = sources_visible_to(actor).filter(reference=reference)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    source = rows.first()
    if source is None:
        raise NotFound("There is no such source.")
    if source.merged_into is not None:
        raise RuleRefused(f"This source was merged into {source.merged_into.reference}.")
    return source
