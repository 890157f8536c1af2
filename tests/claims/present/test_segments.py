from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from claims.present.badges import Badge
from claims.present.segments import ClaimMark, mark_text
from claims.states import Basis, ClaimStatus

TEXT = "North Korea has sent troops.\n\nAbout 1,500 soldiers have arrived, with 12,000 to follow."


def mark(number, quote, status=ClaimStatus.REPORTED, *, text=TEXT, open_flags=0):
    start = text.index(quote)
    badge = Badge(status, open_flags=open_flags)
    return ClaimMark(number, f"ST-00000{number}", badge, ((start, start + len(quote)),))


def pieces(marked):
    return [
        [(segment.text, segment.numbers) for segment in paragraph]
        for paragraph in marked.paragraphs
    ]


def test_text_outside_claims_stays_unmarked():
    marked = mark_text(TEXT, marks=[mark(1, "1,500 soldiers")])
    assert pieces(marked) == [
        [("North Korea has sent troops.", "")],
        [
            ("About ", ""),
            ("1,500 soldiers", "1"),
            (" have arrived, with 12,000 to follow.", ""),
        ],
    ]


def test_overlapping_claims_are_cut_into_pieces_that_never_nest():
    marks = [mark(1, "1,500 soldiers have"), mark(2, "soldiers have arrived")]
    assert pieces(mark_text(TEXT, marks=marks))[1][1:4] == [
        ("1,500 ", "1"),
        ("soldiers have", "1 2"),
        (" arrived", "2"),
    ]


def test_a_piece_shows_the_worst_status_that_covers_it():
    marks = [
        mark(1, "soldiers", ClaimStatus.CORROBORATED),
        mark(2, "soldiers", ClaimStatus.DISPUTED),
    ]
    covered = mark_text(TEXT, marks=marks).paragraphs[1][1]
    assert covered.classes == "cl s-disputed d2"


def test_the_badge_keeps_to_the_claim_s_last_word():
    covered = mark_text(TEXT, marks=[mark(1, "1,500 soldiers")]).paragraphs[1][1]
    assert (covered.head, covered.tail) == ("1,500 ", "soldiers")
    assert [ending.number for ending in covered.ending] == [1]


def test_claims_that_end_together_each_have_a_badge():
    marks = [mark(1, "1,500 soldiers"), mark(2, "soldiers")]
    last = mark_text(TEXT, marks=marks).paragraphs[1][2]
    assert [ending.number for ending in last.ending] == [1, 2]


def test_an_interrupted_claim_has_one_badge_at_its_last_word():
    first, last = mark(1, "1,500 soldiers"), mark(1, "to follow")
    split = ClaimMark(1, "ST-000001", first.badge, first.spans + last.spans)
    segments = mark_text(TEXT, marks=[split]).paragraphs[1]
    assert [segment.tail for segment in segments if segment.ending] == ["follow"]


def test_a_span_that_runs_over_a_paragraph_marks_both():
    start, end = TEXT.index("troops"), TEXT.index(" 1,500")
    over = ClaimMark(1, "ST-000001", Badge(ClaimStatus.REPORTED), ((start, end),))
    assert [
        (s.text, len(s.ending))
        for p in mark_text(TEXT, marks=[over]).paragraphs
        for s in p
        if s.covering
    ] == [
        ("troops.", 0),
        ("About", 1),
    ]


def test_a_span_that_ends_in_a_line_break_keeps_its_badge():
    end = TEXT.index("About")
    ending = ClaimMark(1, "ST-000001", Badge(ClaimStatus.REPORTED), ((0, end),))
    (only,) = mark_text(TEXT, marks=[ending]).paragraphs[0]
    assert [found.number for found in only.ending] == [1]


def test_offsets_count_code_points():
    text = "🛰️ 한국 언론: 약 1천500명이 도착했다"
    covered = mark_text(text, marks=[mark(1, "1천500명", text=text)]).paragraphs[0][1]
    assert covered.text == "1천500명"


def test_a_claim_whose_place_is_lost_is_listed_apart():
    lost = ClaimMark(1, "ST-000001", Badge(ClaimStatus.REPORTED), ((0, len(TEXT) + 1),))
    nowhere = ClaimMark(2, "ST-000002", Badge(ClaimStatus.REPORTED))
    marked = mark_text(TEXT, marks=[lost, nowhere])
    assert [found.number for found in marked.unplaced] == [1, 2]
    assert all(not segment.covering for paragraph in marked.paragraphs for segment in paragraph)


spans = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(
    lambda pair: (min(pair), max(pair) + 1)
)


@given(st.text(alphabet="ab \n한", max_size=90), st.lists(spans, max_size=8))
def test_no_letter_is_lost_or_doubled_however_claims_overlap(text, found):
    badge = Badge(ClaimStatus.REPORTED)
    marks = [ClaimMark(at, f"ST-{at:06}", badge, (span,)) for at, span in enumerate(found)]
    marked = mark_text(text, marks=marks)
    shown = ["".join(segment.text for segment in paragraph) for paragraph in marked.paragraphs]
    assert shown == [line.rstrip() for line in text.splitlines() if line.strip()]
    endings = [end.number for p in marked.paragraphs for s in p for end in s.ending]
    assert sorted(endings + [lost.number for lost in marked.unplaced]) == list(range(len(marks)))


def html(marked):
    return render_to_string("claims/article_text.html", {"marked": marked, "language": "en"})


def test_the_page_shows_no_white_space_that_is_not_in_the_text():
    badge = Badge(ClaimStatus.REPORTED, basis=Basis.HOLDS, open_flags=1)
    marked = mark_text("Say “it”, he said.", marks=[ClaimMark(1, "ST-000001", badge, ((4, 8),))])
    assert '“it”</mark><a class="ref' in html(marked)
    assert "</a></span>, he said.</p>" in html(marked)


def test_the_page_escapes_the_article_s_text():
    page = html(mark_text("<img src=x onerror=alert(1)>", marks=[]))
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_badge_link_is_named_for_those_who_do_not_see_it():
    page = html(mark_text(TEXT, marks=[mark(1, "troops", ClaimStatus.DISPUTED, open_flags=2)]))
    assert 'aria-label="Claim 1: disputed, 2 open flags"' in page
    assert 'href="#ST-000001" id="in-ST-000001"' in page
