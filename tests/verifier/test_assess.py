"""What a new text means for the quotes that rest on it."""

from datetime import date
from decimal import Decimal

import pytest

from claims.states import ChangeKind, NoticeKind, QuoteState
from claims.types import FigureValue, PageText, QuoteToFind
from verifier.assess import assess

QUOTE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."
OTHER = "The ministry in the capital did not comment on the report when it was asked about it."
THIRD = "Officials of two other governments said they were looking into the figures."
CORRECTION = "Correction: An earlier version of this article misstated the name of the ministry."


def page(*lines, **about):
    return PageText(text="\n".join(lines), **about)


def quote(exact=QUOTE, was=QuoteState.STANDING, **more):
    return QuoteToFind(7, exact, was=was, **more)


def look(before, after, *quotes, **how):
    return assess(before=before, after=after, quotes=quotes or [quote()], **how)


BEFORE = page("News", QUOTE, OTHER, THIRD)
WALL = page(
    *(f"Please agree to line {number} of our terms before going on." for number in "abcdef")
)


@pytest.mark.parametrize(
    ("after", "changed", "significant", "kind"),
    [
        (BEFORE, False, False, ChangeKind.NONE),
        (
            page("News", QUOTE, OTHER.replace(" ", "\u00a0"), THIRD),
            False,
            False,
            ChangeKind.COSMETIC,
        ),
        (page("News", "Share this", QUOTE, OTHER, THIRD), False, False, ChangeKind.COSMETIC),
        (
            page("News", "Updated 3 May 2021", QUOTE, OTHER, THIRD),
            False,
            False,
            ChangeKind.COSMETIC,
        ),
        (page("News", QUOTE, OTHER + " It never does.", THIRD), True, False, ChangeKind.EDITORIAL),
        (page("News", QUOTE.replace("1,500", "3,000"), OTHER), True, True, ChangeKind.EDITORIAL),
        (page("News", OTHER, THIRD), True, True, ChangeKind.EDITORIAL),
        (page("News", QUOTE, OTHER, THIRD, CORRECTION), False, True, ChangeKind.CORRECTION),
        (
            page("This article has been retracted.", QUOTE, OTHER, THIRD),
            False,
            True,
            ChangeKind.RETRACTION,
        ),
        (
            page("News", QUOTE, OTHER, THIRD, "This article has been updated with a comment."),
            False,
            False,
            ChangeKind.UPDATE,
        ),
        (WALL, True, True, ChangeKind.REPLACED),
    ],
)
def test_a_change_is_weighed(after, changed, significant, kind):
    found = look(BEFORE, after)
    assert (found.changed, found.significant, found.kind) == (changed, significant, kind)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("12 comments", "15 comments"),
        ("Updated 3 hours ago", "Updated 5 hours ago"),
        ("1,204 shares", "1,310 shares"),
        ("Published 3 May 2021", "Updated 4 May 2021, 14:05"),
        ("Most read", "Newsletters"),
    ],
)
def test_what_the_frame_counts_and_dates_is_cosmetic(was, now):
    found = look(page("News", was, QUOTE, OTHER, THIRD), page("News", now, QUOTE, OTHER, THIRD))
    assert (found.changed, found.significant, found.kind) == (False, False, ChangeKind.COSMETIC)


def test_a_counted_thing_of_the_matter_is_no_frame():
    before, after = page("News", "12 soldiers", QUOTE), page("News", "15 soldiers", QUOTE)
    assert look(before, after).changed


@pytest.mark.parametrize("where", ["top", "bottom", "markup"])
def test_a_notice_is_found_wherever_it_stands(where):
    lines = {"top": [CORRECTION, *BEFORE.text.split("\n")], "markup": BEFORE.text.split("\n")}
    after = page(
        *lines.get(where, [*BEFORE.text.split("\n"), CORRECTION]),
        correction=CORRECTION if where == "markup" else "",
    )
    found = look(BEFORE, after)
    assert (found.notice.kind, found.notice.text) == (NoticeKind.CORRECTION, CORRECTION)
    assert found.significant


def test_a_quote_in_a_notice_that_repeats_it_does_not_stand_for_the_edited_passage():
    note = f'Correction: An earlier version of this article said: "{QUOTE}" That was wrong.'
    before, after = page(note, QUOTE, OTHER, THIRD), page(note, OTHER, THIRD)
    assert look(before, after).quotes[0].state == QuoteState.MISSING


def test_a_label_that_is_edited_is_wording():
    before, after = page("Voter indentification", QUOTE), page("Voter identification", QUOTE)
    assert look(before, after).changed


def test_a_new_title_is_a_change_of_wording():
    before, after = page(QUOTE, title="1,500 soldiers"), page(QUOTE, title="3,000 soldiers")
    assert look(before, after).changed


@pytest.mark.parametrize(
    ("notice", "is_stealth"),
    [
        ((), True),
        ((CORRECTION,), False),
        (("This article has been updated with a new figure.",), False),
    ],
)
def test_a_changed_quote_without_a_notice_is_a_stealth_edit(notice, is_stealth):
    after = page("News", QUOTE.replace("1,500", "3,000"), OTHER, THIRD, *notice)
    found = look(BEFORE, after)
    assert found.is_stealth is is_stealth
    assert found.significant


def test_a_standing_quote_is_no_stealth_edit():
    assert not look(BEFORE, page("News", QUOTE, THIRD)).is_stealth


@pytest.mark.parametrize(
    ("text", "state"), [(QUOTE, QuoteState.STANDING), (OTHER, QuoteState.UNCHECKED)]
)
def test_a_first_look_finds_quotes_and_flags_nothing(text, state):
    after = page("News", text, THIRD, CORRECTION)
    found = look(None, after, quote(was=QuoteState.UNCHECKED))
    assert found.quotes[0].state == state
    assert (found.changed, found.significant, found.kind) == (False, False, ChangeKind.NONE)
    assert found.notice.kind == NoticeKind.CORRECTION


def test_words_repeated_in_a_correction_do_not_pass_for_the_quote():
    note = f"Correction: An earlier version of this article said: {QUOTE}"
    found = look(BEFORE, page("News", OTHER, THIRD, note))
    assert found.quotes[0].state != QuoteState.STANDING


def test_a_quote_taken_from_a_notice_is_found_in_it():
    before, after = page("News", OTHER, CORRECTION), page("News", OTHER, CORRECTION, THIRD)
    assert look(before, after, quote(CORRECTION)).quotes[0].state == QuoteState.STANDING


def test_findings_keep_their_order_and_their_offsets():
    after = page("News", CORRECTION, OTHER, THIRD, QUOTE)
    found = look(BEFORE, after, QuoteToFind(2, QUOTE), QuoteToFind(1, CORRECTION)).quotes
    assert [finding.evidence_id for finding in found] == [2, 1]
    assert [after.text[finding.start : finding.end] for finding in found] == [QUOTE, CORRECTION]


def test_a_notice_seen_before_flags_nothing_again():
    before = page("News", QUOTE, OTHER, CORRECTION)
    assert not look(before, page("News", QUOTE, OTHER, THIRD, CORRECTION)).significant


TOLL = "On 3 May the ministry counted 45 dead in the region."


@pytest.mark.parametrize(
    ("after", "significant"),
    [
        ("On 3 May the ministry counted 54 dead in the region.", True),
        ("On 4 May the ministry counted 54 dead in the region.", False),
        ("By now the ministry counted 54 dead in the region.", False),
        ("On 3 May the ministry counted 45 dead in the whole region.", False),
        (OTHER, False),
    ],
)
def test_a_live_page_flags_only_another_figure_for_the_same_day(after, significant):
    figures = (FigureValue(Decimal(45), unit="person", as_of_on=date(2021, 5, 3)),)
    live = quote(TOLL, figures=figures)
    found = look(page(TOLL, THIRD), page(after, THIRD), live, is_expected_to_change=True)
    assert found.significant is significant


def test_a_live_page_is_not_flagged_for_a_correction_elsewhere():
    after = page(*BEFORE.text.split("\n"), CORRECTION)
    assert not look(BEFORE, after, is_expected_to_change=True).significant


def test_a_live_page_flags_figures_a_person_put_on_the_evidence_whatever_their_words():
    figures = (FigureValue(Decimal(45), unit="person", as_of_on=date(2021, 5, 3)),)
    live = quote("Forty-five people had died in the region by 3 May.", figures=figures)
    before = page(live.exact, THIRD)
    after = page("Fifty-four people had died in the region by 3 May.", THIRD)
    found = look(before, after, live, is_expected_to_change=True)
    assert (found.significant, found.is_stealth) == (True, True)


def test_a_live_page_that_goes_on_is_no_stealth_edit():
    after = page("By now the ministry counted 54 dead in the region.", THIRD)
    found = look(page(TOLL, THIRD), after, quote(TOLL), is_expected_to_change=True)
    assert (found.significant, found.is_stealth) == (False, False)


CRAFTED = [
    ("the same line\n", "the same lines\n"),
    ("“", "”"),
    ("e\u0301", "e\u0300"),
    ("3 May 2021\nUpdated note one\n", "4 May 2021\nUpdated note two\n"),
    (" \n", "\n "),
    (f"{QUOTE}\n", f"{QUOTE[:-1]}!\n"),
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("before", "after"), CRAFTED)
def test_a_crafted_page_is_assessed_in_bounded_time(before, after):
    size = 150_000
    then, now = (page((piece * (size // len(piece)))[:size]) for piece in (before, after))
    assert len(look(then, now, *[quote()] * 3).quotes) == 3


@pytest.mark.timeout(20)
def test_a_page_of_nothing_but_notices_is_assessed():
    after = page(*(f"{CORRECTION} {number}" for number in range(10_000)))
    assert look(BEFORE, after).quotes[0].state == QuoteState.MISSING
