"""Pages through the wall: what goes in comes out, and only what was declared."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from claims.states import ChangeKind, FigureQualifier, NoticeKind, QuoteState
from claims.types import Assessment, FigureValue, Notice, PageText, QuoteFinding, QuoteToFind
from verifier.pages import Pages, SharedPages, plain, typed
from verifier.types import AssessedPage, RawPage

URL = "https://news.example/1"
SENTENCE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."
OTHER = "The ministry in the capital did not comment on the report when it was asked about it."


def page(*paragraphs: str) -> RawPage:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs, OTHER))
    html = f"<html><head><title>News</title></head><body><article>{body}</article></body></html>"
    return RawPage(html.encode(), URL, charset="utf-8")


@pytest.fixture(scope="module")
def pages():
    with Pages() as pool:
        yield pool


def test_a_page_is_read(pages):
    found = pages.read(page(SENTENCE))
    assert SENTENCE in found.text
    assert found.title == "News"


def test_a_first_look_finds_the_quotes(pages):
    quote = QuoteToFind(7, SENTENCE)
    found = pages.assess(page(SENTENCE), before=None, quotes=[quote])
    assert [(q.evidence_id, q.state) for q in found.assessment.quotes] == [(7, QuoteState.STANDING)]
    assert not found.assessment.significant


def test_a_second_look_sees_the_changed_figure(pages):
    quote = QuoteToFind(7, SENTENCE, was=QuoteState.STANDING)
    before = pages.read(page(SENTENCE))
    changed = page(SENTENCE.replace("1,500", "3,000"))
    found = pages.assess(changed, before=before, quotes=[quote])
    assert found.assessment.quotes[0].state is QuoteState.ALTERED
    assert "3,000" in found.assessment.quotes[0].found
    assert found.assessment.significant
    assert "3,000" in found.page.text


def test_a_second_look_at_the_same_words_gives_them_back(pages):
    before = pages.read(page(SENTENCE))
    other_bytes = RawPage(page(SENTENCE).raw + b"<!-- built 2 -->", URL)
    found = pages.assess(other_bytes, before=before, quotes=[QuoteToFind(7, SENTENCE)])
    assert found.page.text == before.text
    assert (found.assessment.changed, found.assessment.kind) == (False, ChangeKind.NONE)
    assert [quote.state for quote in found.assessment.quotes] == [QuoteState.STANDING]


def test_jobs_can_be_handed_in_together(pages):
    asked = [pages.submit_read(page(f"{n} {SENTENCE}")) for n in range(5)]
    assert [job.result().text.split()[0] for job in asked] == list("01234")


def test_many_threads_take_turns_with_shared_pages():
    with SharedPages(size=2) as shared, ThreadPoolExecutor(8) as threads:
        pages = [page(f"{n} {SENTENCE}") for n in range(24)]
        found = list(threads.map(lambda asked: shared.read(asked).text.split()[0], pages))
    assert found == [str(n) for n in range(24)]


ASSESSMENT = Assessment(
    changed=True,
    significant=False,
    kind=ChangeKind.EDITORIAL,
    notice=Notice(NoticeKind.UPDATE, "Updated"),
    quotes=(QuoteFinding(1, QuoteState.MISSING, score_0_1=1),),
)
VALUES = [
    ASSESSMENT,
    PageText("text", published_at=datetime(2026, 11, 2, 12, tzinfo=UTC), is_truncated=True),
    PageText("lone \ud800 surrogate"),
    QuoteToFind(
        1,
        "exact",
        was=QuoteState.STANDING,
        figures=(
            FigureValue(
                Decimal("1.50"),
                Decimal(2),
                qualifier=FigureQualifier.BETWEEN,
                as_of_on=date(2026, 11, 2),
            ),
        ),
    ),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_through_as_it_was(value):
    assert typed(type(value), plain(value)) == value


@pytest.mark.parametrize(
    "damage",
    [
        {"text": None},
        {"text": 5},
        {"is_truncated": 1},
        {"published_at": "yesterday"},
        {"published_at": 5},
        {"unknown": 1},
        {"text": ["a"]},
    ],
)
def test_a_value_with_a_field_of_another_type_is_refused(damage):
    with pytest.raises(ValueError, match=r"not a |Invalid isoformat"):
        typed(PageText, plain(PageText("text")) | damage)


@pytest.mark.parametrize("data", [None, [], "text", 5, {}, {"text": "only"}])
def test_what_is_no_such_value_is_refused(data):
    with pytest.raises(ValueError, match="not a"):
        typed(PageText, data)


def test_an_unknown_word_is_refused():
    data = plain(QuoteFinding(1, QuoteState.MISSING)) | {"state": "perhaps"}
    with pytest.raises(ValueError, match="perhaps"):
        typed(QuoteFinding, data)


def test_an_assessed_page_is_one_value():
    value = AssessedPage(PageText("text"), ASSESSMENT)
    assert typed(AssessedPage, plain(value)) == value
