"""One round of the watch, with real parts: loopback pages, PostgreSQL, killable children."""

from dataclasses import replace
from datetime import timedelta

import pytest

from claims.models import Flag, LedgerEntry, Snapshot, Source, Watch
from claims.states import FlagKind, LinkState, Outcome, QuoteState
from tests.claims.cast import fresh, make_evidence
from tests.site import QUOTE
from tests.verifier.rounds import flags, look, make_cast_again
from verifier.archive import Folder, is_whole
from verifier.recheck import recheck_rounds
from verifier.types import Guard


def test_the_first_look_finds_the_quote_and_keeps_the_raw_bytes(row, site, means):
    done = look(means)
    row.refresh_from_db()
    snapshot = Snapshot.objects.get()
    assert (row.quote_state, dict(done.outcomes)) == (QuoteState.STANDING, {Outcome.CHANGED: 1})
    assert is_whole(snapshot.sha256, blobs=means.blobs)
    assert snapshot.size_bytes == len(site.body())
    assert Source.objects.get().link_state == LinkState.LIVE


def test_an_unchanged_page_answers_304_and_adds_no_row(row, site, means):
    look(means)
    before = LedgerEntry.objects.count()
    done = look(means)
    assert (dict(done.outcomes), site.asked[-1] != "") == ({Outcome.UNCHANGED: 1}, True)
    assert LedgerEntry.objects.count() == before


def test_a_changed_figure_is_flagged_with_old_and_new_words(row, site, means):
    look(means)
    site.quote = QUOTE.replace("240", "410")
    look(means)
    flag = Flag.objects.get()
    assert (flag.kind, flag.is_stealth) == (FlagKind.FIGURE_ALTERED, True)
    assert "410 houses" in flag.found
    assert "240" in flag.before.text
    assert "410" in flag.after.text


def test_other_menus_are_no_flag(row, site, means):
    look(means)
    site.menu = "News Weather Shop and a big advertisement"
    look(means)
    assert flags(row) == []


def test_a_removed_sentence_is_flagged(row, site, means):
    look(means)
    site.quote = "The office would not give figures."
    look(means)
    assert flags(row)[0] in {FlagKind.QUOTE_MISSING, FlagKind.QUOTE_ALTERED}


def test_a_correction_notice_is_flagged(row, site, means):
    look(means)
    site.notice = "<p>Correction: an earlier version of this article misstated the day.</p>"
    look(means)
    assert flags(row) == [FlagKind.CORRECTION_NOTICE]


def test_a_404_seen_twice_is_gone_and_its_return_is_recorded(row, site, means):
    look(means)
    site.status = 404
    look(means)
    assert Source.objects.get().link_state == LinkState.SUSPECTED_GONE
    assert flags(row) == []
    look(means)
    assert Source.objects.get().link_state == LinkState.GONE
    assert flags(row) == [FlagKind.SOURCE_GONE]
    site.status = 200
    look(means)
    assert Source.objects.get().link_state == LinkState.LIVE


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_an_obstacle_is_never_a_loss(row, site, means, status):
    look(means)
    site.status = status
    for _ in range(3):
        look(means)
    assert Source.objects.get().link_state not in {LinkState.GONE, LinkState.SUSPECTED_GONE}
    assert flags(row) == []


def test_a_page_that_moved_is_flagged_once(row, site, means):
    look(means)
    site.location = "/flood-2"
    look(means)
    look(means)
    assert flags(row) == [FlagKind.SOURCE_MOVED]
    assert Source.objects.get().final_url.endswith("/flood-2")


def test_an_address_not_allowed_is_never_connected_to(row, site, means):
    done = look(replace(means, guard=Guard()))
    assert dict(done.outcomes) == {Outcome.BLOCKED_ADDRESS: 1}
    assert site.asked == []


def test_bytes_that_cannot_be_kept_are_not_read_and_nothing_points_to_them(row, means, tmp_path):
    blocker = tmp_path / "full"
    blocker.write_text("no folder")
    done = look(replace(means, blobs=Folder(blocker)))
    assert dict(done.outcomes) == {Outcome.STORAGE: 1}
    assert not Snapshot.objects.exists()


def test_a_page_that_ended_three_workers_is_not_looked_at_again_at_once(row, site, means):
    Watch.objects.update(attempts=3)
    done = look(means)
    assert (dict(done.outcomes), site.asked) == ({Outcome.WORKER_DIED: 1}, [])
    assert Watch.objects.get().attempts == 0


def test_evidence_added_to_an_unchanged_page_is_looked_for(row, site, means):
    look(means)
    further = make_evidence(
        make_cast_again(),
        row.claim,
        url=row.source.url,
        quote="Crews worked through the night",
        state=QuoteState.UNCHECKED,
    )
    look(means)
    further.refresh_from_db()
    assert further.quote_state == QuoteState.STANDING
    assert Snapshot.objects.count() == 1


def test_two_pages_of_one_host_are_looked_at_in_turn_with_a_pause_between(row, site, means):
    cast = make_cast_again()
    make_evidence(cast, row.claim, url=f"http://{site.place}/other", state=QuoteState.UNCHECKED)
    paced = replace(means, pause=timedelta(milliseconds=50))
    rounds = list(recheck_rounds(paced, longest_s=20))
    assert [done.looks for done in rounds] == [1, 1]
    assert not Watch.objects.filter(looks=0).exists()


def test_rounds_end_where_a_host_must_wait_longer_than_there_is_time(row, site, means):
    make_evidence(
        make_cast_again(),
        row.claim,
        url=f"http://{site.place}/other",
        state=QuoteState.UNCHECKED,
    )
    paced = replace(means, pause=timedelta(hours=1))
    assert [done.looks for done in recheck_rounds(paced, longest_s=20)] == [1]


def test_rounds_end_where_the_worker_is_asked_to_end(row, site, means):
    make_evidence(
        make_cast_again(),
        row.claim,
        url=f"http://{site.place}/other",
        state=QuoteState.UNCHECKED,
    )
    wishes = iter([True, False])
    paced = replace(means, pause=timedelta(seconds=10))
    rounds = recheck_rounds(paced, longest_s=20, goes_on=lambda: next(wishes, False))
    assert [done.looks for done in rounds] == [1]
    assert Watch.objects.filter(looks=0, lease_token=None).count() == 1


class Broken(Folder):
    """An archive that fails as no storage says it would, until it is mended."""

    is_mended = False

    def exists(self, name):
        if not self.is_mended:
            raise RuntimeError("nobody foresaw this")
        return super().exists(name)


def test_a_batch_that_fails_half_way_leaves_no_transfer_to_the_next(row, site, means, tmp_path):
    cast = make_cast_again()
    for n in range(40):
        make_evidence(cast, row.claim, url=f"http://{site.place}/{n}", quote=f"q{n}")
    blobs = Broken(tmp_path)
    broken = replace(means, blobs=blobs)
    with pytest.raises(RuntimeError) as held:
        look(broken)
    blobs.is_mended = True
    Watch.objects.update(lease_until_at=None)
    assert dict(look(broken).outcomes) == {Outcome.CHANGED: 41}
    assert held.value.args


def test_the_basis_is_in_question_while_the_flag_is_open(row, site, means):
    look(means)
    site.quote = QUOTE.replace("240", "410")
    look(means)
    assert fresh(row.claim).basis == "in_question"
