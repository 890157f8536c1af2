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


@pytest.mark.timeout(20)
def test_a_page_of_nothing_but_notices_is_assessed():
    after = page(*(f"{CORRECTION} {number}" for number in range(10_000)))
    assert look(BEFORE, after).quotes[0].state == QuoteState.MISSING
