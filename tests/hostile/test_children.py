"""A page that ends the child that reads it: told, its bytes kept, the next one read."""

from dataclasses import replace
from pathlib import Path

import pytest

from claims.models import Snapshot, Source, Watch
from claims.states import LinkState, Outcome, QuoteState
from tests.hostile.child_jobs import WAYS
from tests.hostile.watched import flags, look, page, rest, show
from verifier.child import ChildLimits, Children
from verifier.pages import Pages


class BadPages(Pages):
    """Pages whose children do what the page's own bytes say."""

    def __init__(self, limits: ChildLimits) -> None:
        super().__init__()
        self._children = Children("tests.hostile.child_jobs", limits=limits)


@pytest.fixture(scope="module")
def bad_pages():
    with BadPages(ChildLimits(wall_s=10, cpu_s=5, memory_bytes=256 * 1024 * 1024)) as pool:
        yield pool


def kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.mark.catalogue(71)
@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"hang"}))
def test_a_page_that_breaks_its_child_is_recorded_and_kept(
    desk, server, means, bad_pages, tmp_path, way
):
    row = rest(desk, server)
    show(server, way.encode())
    assert look(replace(means, pages=bad_pages)) == {Outcome.EXTRACT_FAILED: 1}
    assert (kept(tmp_path), Snapshot.objects.count(), flags()) == ([way.encode()], 0, [])
    assert Watch.objects.get().lease_token is None
    assert Source.objects.get().link_state == LinkState.UNCHECKED
    show(server, page())
    assert look(means) == {Outcome.CHANGED: 1}
    row.refresh_from_db()
    assert row.quote_state == QuoteState.STANDING


@pytest.mark.catalogue(55, 56)
def test_a_page_that_takes_its_child_too_long_is_recorded_and_kept(desk, server, means, tmp_path):
    rest(desk, server)
    show(server, b"hang")
    with BadPages(ChildLimits(wall_s=0.3)) as hanging:
        assert look(replace(means, pages=hanging)) == {Outcome.EXTRACT_TIMEOUT: 1}
    assert (kept(tmp_path), Snapshot.objects.count()) == ([b"hang"], 0)
    assert Watch.objects.get().run_detail
    show(server, page())
    assert look(means) == {Outcome.CHANGED: 1}


@pytest.mark.catalogue(57)
def test_a_page_of_which_text_was_hidden_is_recorded_as_cut(desk, server, means):
    rest(desk, server)
    hidden = b"</article>" + b"<div>" * 100_000 + b"hidden"
    show(server, page().replace(b"</article>", hidden))
    assert look(means) == {Outcome.PARSE_TRUNCATED: 1}
    assert Snapshot.objects.get().is_truncated
    assert Source.objects.get().link_state == LinkState.LIVE


@pytest.mark.catalogue(58)
@pytest.mark.parametrize(
    ("charset", "used"), [("nope", "utf-8"), ("latin1", "cp1252"), ("shift-jis", "cp932")]
)
def test_the_character_set_that_was_used_is_on_record(desk, server, means, charset, used):
    rest(desk, server)
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html; charset={charset}\r\n"
    show(server, page(), head=head.encode())
    look(means)
    assert Snapshot.objects.get().charset == used


@pytest.mark.catalogue(59, 60)
@pytest.mark.parametrize("bad", ["\0", "&#0;", "&#xD800;", "&#x110000;"])
def test_what_no_text_may_hold_is_replaced_before_the_database_and_stays_in_the_bytes(
    desk, server, means, tmp_path, bad
):
    rest(desk, server)
    body = page().replace(b"Soldiers", f"Sol{bad}diers".encode())
    show(server, body)
    assert look(means) == {Outcome.CHANGED: 1}
    snapshot = Snapshot.objects.get()
    assert "\0" not in snapshot.text + snapshot.title
    assert kept(tmp_path) == [body]


@pytest.mark.catalogue(65)
def test_a_title_of_five_megabytes_is_cut_before_the_database(desk, server, means):
    rest(desk, server)
    show(server, page().replace(b">Soldiers<", b">" + b"Soldiers " * 100_000 + b"<"))
    look(means)
    assert len(Source.objects.get().title) <= 500


@pytest.mark.catalogue(62)
def test_a_document_type_that_loads_is_read_without_loading(desk, server, means, flock):
    rest(desk, server)
    place = f"http://{flock[0].authority}/"
    doctype = f'<!DOCTYPE html [<!ENTITY f SYSTEM "{place}">]>'.encode()
    show(server, page().replace(b"<!doctype html>", doctype).replace(b"Soldiers", b"&f;Soldiers"))
    assert look(means) == {Outcome.CHANGED: 1}
