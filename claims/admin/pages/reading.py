"""A page as the watch read it, beside the form that quotes it: plain text, never rendered."""

from claims.models import Claim, Evidence, Source
from claims.present.evidence import origin_words, shown_address, source_words, web_url
from claims.present.words import label
from claims.queries.desk_source import host_of
from claims.queries.desks import desks_of
from claims.queries.reading import PageRead, Reading, read_page
from claims.states import LinkState, Outcome
from claims.text.passages import passage_in
from claims.types import Actor

MOST_SHOWN = 200_000
"""Code points of a text that are shown to pick from; the whole stands in the snapshot."""


def reading_context(
    actor: Actor, claim: Claim, source: Source, *, marked: Evidence | None = None
) -> dict[str, object]:
    """Return what the reading pane shows.

    Args:
        actor: reads.
        claim: whose evidence the page may become.
        source: with publisher, watch and snapshot.
        marked: evidence whose quote is marked in the text.
    """
    read = read_page(actor, source)
    text = read.snapshot.text if read.snapshot else ""
    shown = text[:MOST_SHOWN]
    return {
        "claim": claim,
        "source": source,
        "reading": read.state,
        "is_waiting": read.state is Reading.WAITING,
        "name": source_words(source),
        "url": web_url(source.url),
        "address": shown_address(source.url),
        "snapshot": read.snapshot,
        "pieces": _pieces(shown, marked),
        "is_cut": len(text) > MOST_SHOWN,
        "publisher": _publisher(actor, read),
        "is_publisher_guessed": source.publisher is None,
        "link_state": LinkState(source.link_state),
        "why_unread": _why_unread(read),
        "resting": [row for row in read.resting if marked is None or row.pk != marked.pk],
    }


def _pieces(text: str, marked: Evidence | None) -> tuple[tuple[str, bool], ...]:
    """Cut the text at the quote on record, so that it can be marked; joined they are the text."""
    if marked is None or not marked.quote:
        return ((text, False),)
    passage = passage_in(text, marked.quote, prefix=marked.prefix, suffix=marked.suffix)
    if passage is None:
        return ((text, False),)
    cut = ((text[: passage.start], False), (passage.exact, True), (text[passage.end :], False))
    return tuple(piece for piece in cut if piece[0])


def _publisher(actor: Actor, read: PageRead) -> str:
    named = origin_words(read.publisher_guess, desks=desks_of(actor))
    return named or host_of(read.source)


def _why_unread(read: PageRead) -> str:
    """Say why nothing can be shown, in the words of the last look."""
    if read.state is not Reading.UNREAD:
        return ""
    if read.snapshot is not None:
        return "It answers, but there is no text in it to read: a film, a picture, a form."
    if read.source.link_reason:
        return read.source.link_reason
    watch = read.watch
    if watch is None or not watch.run_outcome:
        return ""
    words = label(Outcome(watch.run_outcome)).capitalize()
    return f"{words}. {watch.run_detail}".strip()
