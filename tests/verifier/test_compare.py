import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.states import QuoteState as State
from claims.text.normalise import comparison_form
from claims.types import QuoteToFind
from verifier.compare import find_quotes, wording_differs

LEAD = "South Korean media reported the deployment on Friday."
QUOTE = "About 1,500 North Korean soldiers have reached Russia, the agency said."
TAIL = "Officials in Moscow declined to comment on the report."


def page(*sentences):
    return "\n".join((LEAD, *sentences, TAIL))


def find(text, quote=QUOTE, *, before=None, **known):
    return find_quotes(
        text, quotes=[QuoteToFind(evidence_id=7, exact=quote, **known)], before=before
    )[0]


def test_an_unchanged_quote_is_standing_where_it_is():
    text = page(QUOTE)
    finding = find(text, before=text)
    assert (finding.evidence_id, finding.state, finding.score_0_1) == (7, State.STANDING, 1.0)
    assert text[finding.start : finding.end] == finding.found == QUOTE


COSMETIC = [
    QUOTE.replace(" ", "\u00a0"),
    QUOTE.replace("About", "About  "),
    QUOTE.replace("North", "No\u00adrth"),
    QUOTE.replace(" soldiers", "\nsoldiers"),
    QUOTE.replace("Russia,", "Russia ,"),
    QUOTE.upper(),
]


@pytest.mark.parametrize("now", COSMETIC)
def test_cosmetic_typography_leaves_a_quote_standing(now):
    assert find(page(now), before=page(QUOTE)).state is State.STANDING


ALTERED = [
    ("About 1,500", "About 3,000", True),
    ("About 1,500", "At least 1,500", True),
    ("About 1,500", "About 1,501", True),
    ("About 1,500", "About 1,500,000", True),
    ("1,500", "fifteen thousand", True),
    ("North Korean", "South Korean", False),
    ("Russia", "Belarus", False),
    ("have reached", "have not reached", False),
    ("have reached", "haven’t reached", False),
    ("the agency said", "the ministry said", False),
    ("soldiers", "Soldiers", False),
    ("Russia,", "Russia", False),
]


@pytest.mark.parametrize(("was", "now", "is_figure"), ALTERED)
@pytest.mark.parametrize("with_before", [True, False])
def test_changed_figure_name_or_negation_inside_a_near_match_is_altered(
    was, now, is_figure, with_before
):
    changed = QUOTE.replace(was, now)
    finding = find(page(changed), before=page(QUOTE) if with_before else None)
    assert (finding.state, finding.figure_altered) == (State.ALTERED, is_figure)
    assert finding.found == changed


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (f"Moscow denied that {QUOTE[0].lower()}{QUOTE[1:]}", State.ALTERED),
        (f"{QUOTE[:-1]}, although it never explained how.", State.ALTERED),
        (f"{QUOTE[:-1]}, and it explained how.", State.STANDING),
    ],
)
def test_a_denial_put_around_unchanged_words_is_altered(now, state):
    fragment = "1,500 North Korean soldiers have reached Russia"
    finding = find(page(now), fragment, before=page(QUOTE))
    assert finding.state is state


@pytest.mark.parametrize("words", [QUOTE.split(" ", 1)[1], QUOTE.rsplit(" ", 1)[0]])
def test_a_word_dropped_at_the_edge_is_altered(words):
    assert find(page(words), before=page(QUOTE)).state is State.ALTERED


def test_a_quote_whose_sentence_ran_into_the_next_is_altered():
    before = page(f"{QUOTE} Analysts called the number plausible and expected more to come soon.")
    after = before.replace("the agency said. Analysts", "the agency knows Analysts")
    assert find(after, before=before).state is State.ALTERED


def test_a_quote_standing_elsewhere_as_well_does_not_answer_for_other_capitals():
    shout = (
        f"{TAIL}\nA caption below the photograph:\n{QUOTE.replace('North', 'north')}\nIn pictures."
    )
    before, after = f"{LEAD}\n{QUOTE}\n{shout}", f"{LEAD}\n{shout}"
    assert find(after, before=before, was=State.STANDING).state is State.MISSING


def test_a_figure_written_otherwise_is_altered_wording_but_no_altered_figure():
    finding = find(page(QUOTE.replace("1,500", "1500")), before=page(QUOTE))
    assert (finding.state, finding.figure_altered) == (State.ALTERED, False)


def test_a_removed_passage_is_missing():
    assert find(page(), before=page(QUOTE), was=State.STANDING).state is State.MISSING


def test_a_passage_replaced_by_another_matter_is_missing_and_the_nearest_text_is_kept():
    other = "The agency said later that Russia will hold an election."
    finding = find(page(other), before=page(QUOTE), was=State.STANDING)
    assert finding.state is State.MISSING
    assert finding.found


def test_a_similar_sentence_that_stood_beside_the_quote_does_not_take_its_place():
    beside = QUOTE.replace("1,500", "3,000").replace("Russia", "Kursk")
    assert find(page(beside), before=page(QUOTE, beside)).state is State.MISSING


def test_a_moved_passage_is_standing():
    filler = [f"Paragraph {number} tells another story altogether." for number in range(9)]
    before = page(QUOTE, *filler)
    after = page(*filler, QUOTE)
    assert find(after, before=before).state is State.STANDING


def test_a_quote_only_mentioned_in_a_notice_is_not_standing():
    said = QUOTE[:-1].lower()
    notice = f"Correction: an earlier version of this article stated that {said}; it was wrong."
    finding = find(page() + "\n" + notice, before=page(QUOTE), was=State.STANDING)
    assert finding.state is State.MISSING


def test_the_quoted_one_of_two_places_is_judged():
    filler = "Analysts in the region have long watched the railway."
    closing = "The story will be updated through the day."
    before = f"{LEAD}\n{QUOTE}\n{TAIL}\n{filler}\n{QUOTE}\n{closing}"
    after = "\n".join((LEAD, QUOTE.replace("1,500", "3,000"), TAIL, filler, QUOTE, closing))
    first, second = before.index(QUOTE), before.rindex(QUOTE)
    around = [
        {"prefix": before[at - 32 : at], "suffix": before[at + len(QUOTE) : at + len(QUOTE) + 32]}
        for at in (first, second)
    ]
    assert find(after, before=before, **around[0]).state is State.ALTERED
    assert find(after, before=before, **around[1]).state is State.STANDING


OPENING = f"{LEAD} {QUOTE} {TAIL}"
REPEATED = f"{OPENING}\nAnalysts in the region have long watched the railway.\n{QUOTE}"
EDITED = QUOTE.replace("1,500", "3,000")


@pytest.mark.parametrize(
    ("is_first_ours", "is_first_edited", "state"),
    [
        (True, True, State.ALTERED),
        (True, False, State.STANDING),
        (False, True, State.STANDING),
        (False, False, State.ALTERED),
    ],
)
def test_a_repeated_passage_at_the_end_of_the_page_is_told_apart(
    is_first_ours, is_first_edited, state
):
    at = REPEATED.index(QUOTE) if is_first_ours else REPEATED.rindex(QUOTE)
    edited = REPEATED.index(QUOTE) if is_first_edited else REPEATED.rindex(QUOTE)
    after = REPEATED[:edited] + EDITED + REPEATED[edited + len(QUOTE) :]
    around = {
        "prefix": REPEATED[at - 32 : at],
        "suffix": REPEATED[at + len(QUOTE) : at + len(QUOTE) + 32],
    }
    assert find(after, before=REPEATED, **around).state is state


def test_a_quote_whose_every_neighbour_was_rewritten_is_standing():
    after = f"Nobody knew of it.\n{QUOTE}\nThe story goes on elsewhere."
    assert find(after, before=page(QUOTE)).state is State.STANDING


def test_a_sentence_that_stood_elsewhere_on_the_page_is_not_the_new_wording():
    beside = QUOTE.replace("1,500", "3,000")
    far = [f"Paragraph {number} tells another story altogether." for number in range(20)]
    before = page(QUOTE, *far, beside)
    assert find(page(*far, beside), before=before).state is State.MISSING


def test_a_short_figure_replaced_in_place_is_altered():
    finding = find(page(QUOTE.replace("1,500", "900")), "1,500", before=page(QUOTE))
    assert (finding.state, finding.figure_altered) == (State.ALTERED, True)


@pytest.mark.parametrize(
    ("was", "state"),
    [
        (State.UNCHECKED, State.UNCHECKED),
        (State.ATTESTED, State.ATTESTED),
        (State.STANDING, State.MISSING),
        (State.ALTERED, State.MISSING),
        (State.MISSING, State.MISSING),
    ],
)
@pytest.mark.parametrize("before", [None, page()])
def test_a_quote_never_found_does_not_go_missing(was, state, before):
    assert find(page(), before=before, was=was).state is state


def test_a_quote_found_at_the_last_look_goes_missing_whatever_was_on_record():
    assert find(page(), before=page(QUOTE), was=State.UNCHECKED).state is State.MISSING


@pytest.mark.parametrize("was", [State.MISSING, State.ALTERED, State.UNCHECKED, State.ATTESTED])
def test_a_quote_that_returns_is_standing(was):
    assert find(page(QUOTE), before=page(), was=was).state is State.STANDING


def test_a_quote_that_stays_altered_stays_altered():
    changed = page(QUOTE.replace("1,500", "3,000"))
    assert find(changed, before=changed, was=State.ALTERED).state is State.ALTERED


def test_findings_come_in_the_order_of_the_quotes():
    quotes = [
        QuoteToFind(evidence_id=number, exact=text)
        for number, text in enumerate((TAIL, QUOTE, LEAD))
    ]
    findings = find_quotes(page(QUOTE), quotes=quotes)
    assert [finding.evidence_id for finding in findings] == [0, 1, 2]
    assert {finding.state for finding in findings} == {State.STANDING}


@pytest.mark.parametrize("exact", ["", "   ", "\u200b", "?!"])
def test_a_quote_without_words_stays_unchecked(exact):
    assert find(page(QUOTE), exact).state in {State.UNCHECKED, State.STANDING}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("the " * 60_000, "the " * 20 + "end"),
        ("a" * 250_000, "a" * 300 + "b"),
        ("He said the army left. " * 10_000, "He said the army had left on day 3."),
        (".," * 100_000, ".," * 50 + "x"),
        ("北" * 100_000, "北" * 50 + "京"),
        ("", QUOTE),
    ],
)
def test_hostile_pages_are_answered(text, quote):
    quotes = [QuoteToFind(evidence_id=number, exact=f"{quote}{number}") for number in range(20)]
    assert len(find_quotes(text, quotes=quotes, before=text + " more")) == 20


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("One. Two.", "One.\nTwo.", False),
        ("“It’s”", '"It\'s"', False),
        ("1,500 men", "3,000 men", True),
        ("He did.", "He did not.", True),
        ("1,500 men", "1500 men", True),
        ("a co-op", "a coop", True),
    ],
)
def test_wording_differs_in_words_and_not_in_typography(before, after, differs):
    assert wording_differs(before, after) is differs


SIGNS = st.text("aB1é ,.-'\"\n\u00a0\u2019\u2014\u2026\u200b", max_size=12)


@given(SIGNS, SIGNS)
def test_wording_differs_where_the_comparison_forms_do(before, after):
    assert wording_differs(before, after) is (comparison_form(before) != comparison_form(after))


SPACES = ["  ", "\u00a0", "\n", "\u2009", " \u200b"]
SHAPES = {"'": "’", "-": "–", "fi": "ﬁ", "a": "a\u00ad", "é": "e\u0301", "1": "１"}
TYPESET = "The chief’s aide said 'fine': 1,500 men of the café-based unit had left, no fewer."


@given(st.data())
def test_no_typographic_change_alters_a_quote(data):
    quote = TYPESET
    for _ in range(data.draw(st.integers(1, 4))):
        was, now = data.draw(st.sampled_from([*SHAPES.items(), *((" ", new) for new in SPACES)]))
        quote = quote.replace(was, now, data.draw(st.sampled_from([1, -1])))
    found = find(page(quote), TYPESET, before=page(TYPESET))
    assert found.state is State.STANDING
    assert find(page(quote), TYPESET).state is State.STANDING


FIGURES = "On 14 March 2024 about 1,500 of 12 thousand men, or 12.5%, had left by 6:30."
DIGITS = [at for at, character in enumerate(FIGURES) if character.isdigit()]


@given(st.sampled_from(DIGITS), st.sampled_from("0123456789٣九"), st.booleans())
def test_no_changed_digit_leaves_a_quote_standing(at, digit, with_before):
    changed = FIGURES[:at] + digit + FIGURES[at + 1 :]
    before = page(FIGURES) if with_before else None
    found = find(page(changed), FIGURES, before=before)
    assert found.state is (State.STANDING if changed == FIGURES else State.ALTERED)


@given(st.text(max_size=120), st.text(min_size=1, max_size=40))
def test_any_text_and_quote_are_answered_inside_the_text(text, quote):
    finding = find(text, quote, before=text, was=State.STANDING)
    assert finding.start == finding.end == -1 or text[finding.start : finding.end] == finding.found
