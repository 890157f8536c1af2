import pytest

from claims.text.unmoved import unmoved_place

QUOTE = "About 1,500 soldiers have reached Russia."
LEAD = (
    "South Korean media reported the deployment on Friday, and named no source of their own for it."
)
TAIL = "Officials in Moscow declined to comment on the report when they were asked about it twice."
BEFORE = f"{LEAD}\n{QUOTE}\n{TAIL}"


def place(text, before=BEFORE, **context):
    return unmoved_place(text, before=before, exact=QUOTE, **context)


@pytest.mark.parametrize(
    "text",
    [
        BEFORE,
        f"News\n{BEFORE}",
        BEFORE.replace(TAIL, "Nothing else was known."),
        BEFORE.replace(LEAD, "Nothing else was known."),
    ],
)
def test_a_quote_in_its_place_is_found_by_a_plain_search(text):
    assert place(text) == text.index(QUOTE)


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD}\n{TAIL}",
        f"{TAIL}\n{QUOTE}\n{LEAD}",
        BEFORE.replace("1,500", "3,000"),
        BEFORE.replace(QUOTE, QUOTE.replace(" ", "\u00a0")),
        BEFORE.replace(QUOTE, f"It is untrue that this holds: {QUOTE}"),
        f"{BEFORE}\n{QUOTE}",
        BEFORE.replace(QUOTE, QUOTE[:-1] + "ns."),
    ],
)
def test_whatever_takes_more_than_a_plain_search_is_left_open(text):
    assert place(text) is None


def test_of_several_places_the_surroundings_choose():
    twice = f"{BEFORE}\n{QUOTE}\n{LEAD}"
    assert place(twice, twice, prefix=TAIL[-32:] + "\n") == twice.rindex(QUOTE)
    assert place(twice, twice, prefix="never there") is None


@pytest.mark.parametrize("exact", ["", " ", "?!", f" {QUOTE}"])
def test_what_is_no_plain_passage_is_left_open(exact):
    assert unmoved_place(BEFORE, before=None, exact=exact) is None
