"""Bad answers through the whole round: lease, look, read, record, on a real database."""

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from claims.models import Host, LedgerEntry, Snapshot, Source, Watch
from claims.queries.ledger import verify
from claims.states import FlagKind, LinkState, Outcome, QuoteState
from tests.claims.cast import make_claim, make_evidence
from tests.hostile.answers import OK, ROUTES, status
from tests.hostile.catalogue import case
from tests.hostile.server import Visitor
from tests.hostile.test_answers import JUDGED
from tests.hostile.watched import QUOTE, flags, link, look, page, recorded, rest, show
from verifier.recheck import recheck_batch
from verifier.schedule import Pace
from verifier.types import Guard


@pytest.fixture
def impatient(means):
    """The same means, for answers that never end."""
    given = replace(means, limits=replace(means.limits, total_s=1.0))
    yield given
    given.fetcher.close()


@pytest.mark.catalogue(28, 30, 31, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45, 48)
def test_every_bad_answer_is_recorded_as_what_it_was_and_looked_at_again(desk, server, impatient):
    bad = {path: outcome for path, outcome, _ in JUDGED if outcome is not Outcome.CHANGED}
    link(desk, map(server.url, bad), allow=server.allow)
    look(impatient)
    assert recorded() == bad
    assert not Snapshot.objects.exists()
    watches = Watch.objects.all()
    assert not watches.filter(lease_token__isnull=False).exists()
    assert not watches.filter(due_at__isnull=True).exists()
    assert not Source.objects.filter(link_state=LinkState.GONE).exists()
    verify(LedgerEntry.objects.order_by("seq"))


@pytest.mark.catalogue(23)
def test_an_unknown_name_is_looked_at_again_after_ever_longer(desk, means):
    means = replace(means, pace=Pace())
    make_evidence(desk, make_claim(desk), url="http://nobody.example.org/")
    waits = []
    for _ in range(3):
        assert look(means) == {Outcome.DNS: 1}
        waits.append(Watch.objects.get().interval_s)
    assert waits[0] < waits[1] < waits[2]


@pytest.mark.catalogue(26)
def test_a_resolver_that_hangs_holds_up_neither_the_batch_nor_the_next(
    desk, server, means, impatient
):
    link(desk, ["http://hangs.example/", server.url("/fine")], allow=server.allow)
    assert look(impatient) == {Outcome.TIMEOUT: 1, Outcome.CHANGED: 1}
    Watch.objects.filter(source__url="http://hangs.example/").update(due_at=None)
    assert look(means) == {Outcome.UNCHANGED: 1}


@pytest.mark.catalogue(22, 24, 27)
@pytest.mark.parametrize(
    "addresses",
    [["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], ["168.63.129.16"], ["fd00:ec2::254"]],
)
def test_a_name_that_leads_inside_is_recorded_as_blocked(desk, means, addresses):
    link(desk, ["http://inside.example/"], allow=frozenset())
    inside = replace(means, guard=Guard(resolve=lambda *_: addresses))
    assert look(inside) == {Outcome.BLOCKED_ADDRESS: 1}
    assert Source.objects.get().link_state == LinkState.UNCHECKED
    inside.fetcher.close()


@pytest.mark.catalogue(42)
@pytest.mark.parametrize("line", ["403 No", "429 No", "503 No"])
def test_a_host_that_asks_for_time_is_left_alone_by_everybody(desk, server, means, line):
    server.routes["/page"] = status(line, "Retry-After: 7200")
    link(desk, [server.url("/page"), server.url("/fine")], allow=server.allow)
    slow = Watch.objects.filter(source__url=server.url("/page"))
    Watch.objects.exclude(pk__in=slow.values("pk")).update(due_at=None)
    look(means)
    watch, host = slow.get(), Host.objects.get()
    assert watch.due_at
    assert watch.last_looked_at
    least = watch.last_looked_at + timedelta(seconds=7199)
    assert min(watch.due_at, host.next_allowed_at) >= least
    other = Watch.objects.get(source__url=server.url("/fine"))
    Watch.objects.filter(pk=other.pk).update(due_at=watch.last_looked_at)
    assert recheck_batch(means).looks == 0


@pytest.mark.catalogue(42)
def test_a_server_that_never_has_time_is_flagged_in_time(desk, server, means):
    rest(desk, server)
    server.routes["/page"] = status("503 No", "Retry-After: soon")
    at_once = replace(means, pace=replace(means.pace, unreachable_after_s=0))
    look(at_once)
    assert flags() == [FlagKind.SOURCE_UNREACHABLE]
    at_once.fetcher.close()


@pytest.mark.catalogue(43)
@pytest.mark.parametrize("line", ["404 No", "410 No"])
def test_a_page_that_is_gone_keeps_what_it_said(desk, server, means, line):
    rest(desk, server)
    look(means)
    server.routes["/page"] = status(line)
    look(means)
    look(means)
    assert flags() == [FlagKind.SOURCE_GONE]
    assert QUOTE in Source.objects.get().snapshot.text


WALLS = [
    case(44, "<h1>Page not found</h1><p>The page you asked for is not here.</p>", name="soft 404"),
    case(44, "<h1>Before you go on</h1><p>We use cookies.</p><button>Accept</button>", name="wall"),
    case(44, "<h1>One moment</h1><p>Checking your browser.</p><noscript>x</noscript>", name="bots"),
    case(44, "<form action='/login'><input name='u'><input type='password'></form>", name="login"),
]


@pytest.mark.parametrize("body", WALLS)
def test_a_200_that_is_not_the_page_is_never_unchanged(desk, server, means, body):
    rest(desk, server)
    look(means)
    show(server, f"<html><body>{body}</body></html>".encode())
    assert Outcome.UNCHANGED not in look(means)
    assert Source.objects.get().link_state != LinkState.LIVE or flags()


@pytest.mark.catalogue(46)
@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream", "video/mp4"])
def test_a_page_sent_as_another_type_is_told_and_kept_raw(
    desk, server, means, media_type, tmp_path
):
    rest(desk, server)
    look(means)
    body = page().replace(b"1,500", b"9,500")
    show(server, body, head=OK.replace(b"text/html; charset=UTF-8", media_type.encode()))
    assert look(means) == {Outcome.TYPE_CHANGED: 1}
    assert flags() == []
    assert body in kept(tmp_path)


def kept(folder: Path) -> list[bytes]:
    """The bodies in the archive."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.mark.catalogue(47)
@pytest.mark.parametrize(
    ("media_type", "magic"),
    [
        ("application/zip", b"PK\3\4"),
        ("video/mp4", b"\0\0\0\x18ftypmp42"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_what_is_no_text_is_kept_and_compared_by_its_bytes(
    desk, server, means, media_type, magic, tmp_path
):
    body = magic + bytes(500_000)
    show(server, body, head=OK.replace(b"text/html; charset=UTF-8", media_type.encode()))
    link(desk, [server.url("/page")], allow=server.allow)
    assert look(means) == {Outcome.CHANGED: 1}
    assert (kept(tmp_path), Snapshot.objects.get().text) == ([body], "")
    assert look(means) == {Outcome.UNCHANGED: 1}


@pytest.mark.catalogue(50)
def test_a_proxy_that_is_down_says_nothing_of_the_page(desk, server, means):
    rest(desk, server)
    behind = replace(means, guard=Guard(allow=server.allow, proxy="http://127.0.0.1:1"))
    assert look(behind) == {Outcome.PROXY: 1}
    assert (server.heads, flags()) == ([], [])
    assert Source.objects.get().link_state == LinkState.UNCHECKED
    behind.fetcher.close()


@pytest.mark.catalogue(51)
def test_many_pages_of_one_host_are_taken_one_a_pause(desk, server, means):
    link(desk, [server.url(f"/fine?{number}") for number in range(20)], allow=server.allow)
    paced = replace(means, pause=timedelta(hours=1))
    assert [recheck_batch(paced).looks for _ in range(3)] == [1, 0, 0]
    paced.fetcher.close()


@pytest.mark.catalogue(51)
def test_without_a_pause_two_pages_of_one_host_at_most_are_asked_for_at_once(desk, server, means):
    server.routes |= {f"/{number}": ROUTES["/fine"] for number in range(12)}
    link(desk, [server.url(f"/{number}") for number in range(12)], allow=server.allow)
    polite = replace(means, limits=replace(means.limits, per_host=2))
    assert look(polite) == {Outcome.CHANGED: 12}
    assert server.most_at_once <= 2
    polite.fetcher.close()


@pytest.mark.catalogue(53)
def test_noise_that_differs_at_each_look_is_no_change(desk, server, means):
    rest(desk, server)
    show(server, page(around=noise(0), head=f"<meta name='csrf' content='{uuid.uuid4()}'>"))
    look(means)
    entries = LedgerEntry.objects.count()
    for number in range(1, 4):
        token = f"<meta name='csrf' content='{uuid.uuid4()}'>"
        show(server, page(around=noise(number), head=token))
        assert look(means) == {Outcome.UNCHANGED: 1}
    assert (LedgerEntry.objects.count(), flags()) == (entries, [])


def noise(number: int) -> str:
    """A clock, a counter, an advertisement, a token in a form."""
    form = f"<form><input type='hidden' name='t' value='{uuid.uuid4()}'></form>"
    return f"<a href='/{number}'>Offer {number}</a> 12:0{number} {number * 7} readers {form}"


@pytest.mark.catalogue(54)
def test_a_result_that_comes_after_the_lease_was_lost_is_discarded(desk, server, means):
    rest(desk, server)

    def late(visitor: Visitor) -> None:
        Watch.objects.update(lease_token=uuid.uuid4())
        connection.close()
        visitor.send(OK + b"\r\n" + page())

    server.routes["/page"] = late
    entries = LedgerEntry.objects.count()
    done = recheck_batch(means)
    assert (done.lost, done.changed) == (1, 0)
    assert (Snapshot.objects.count(), LedgerEntry.objects.count()) == (0, entries)
    assert Watch.objects.get().looks == 0


@pytest.mark.catalogue(69)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" ", "\u00a0"),
        (" ", "\n   "),
        (" ", "&nbsp;"),
        ("</p>", " \t</p>\n\n"),
        ("1,500", "1,500\u200b"),
    ],
    ids=["nbsp", "line ends", "entity", "blanks", "zero width"],
)
def test_other_spaces_are_no_flag_and_the_quote_stands(desk, server, means, before, after):
    row = rest(desk, server)
    look(means)
    was = Watch.objects.get().raw_sha256
    head, body = page().decode().split("<article>")
    show(server, f"{head}<article>{body.replace(before, after)}".encode())
    look(means)
    row.refresh_from_db()
    assert (row.quote_state, flags()) == (QuoteState.STANDING, [])
    assert Watch.objects.get().raw_sha256 != was


@pytest.mark.catalogue(69)
def test_other_capitals_are_no_flag_and_the_quote_stands(desk, server, means):
    row = rest(desk, server)
    look(means)
    show(server, page(QUOTE.upper()))
    look(means)
    row.refresh_from_db()
    assert (row.quote_state, flags()) == (QuoteState.STANDING, [])


@pytest.mark.catalogue(19, 70)
def test_names_of_files_in_an_address_or_a_title_name_no_file(desk, server, means, tmp_path):
    path = "/..%2F..%2Fetc%2Fpasswd%00;rm%20-rf%20x'--"
    title = "../../etc/passwd'; DROP TABLE claims_claim; -- $(id)"
    show(server, page().replace(b">Soldiers<", f">{title}<".encode()), path=path)
    make_evidence(desk, make_claim(desk), url=server.url(path), state=QuoteState.UNCHECKED)
    assert look(means) == {Outcome.CHANGED: 1}
    assert server.heads[0].startswith(f"GET {path} ")
    assert Source.objects.get().title == title
    files = [file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()]
    sha256 = Snapshot.objects.get().sha256
    assert files == [Path(sha256[:2], sha256)]


@pytest.mark.catalogue(28)
def test_after_every_bad_answer_a_good_one_is_read(desk, server, means):
    row = rest(desk, server)
    for path in ("/reset-in-body", "/bomb", "/5000-fields", "/ssh", "/zip-cut"):
        server.routes["/page"] = ROUTES[path]
        look(means)
    show(server, page())
    assert look(means) == {Outcome.CHANGED: 1}
    row.refresh_from_db()
    assert row.quote_state == QuoteState.STANDING
