from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.states import FigureQualifier as Q
from claims.states import FigureScope as S
from claims.text.figures import find_figures, parse_figure, same_quantities

NUMBERS = [
    ("1,500", 1500),
    ("1500", 1500),
    ("1 500", 1500),
    ("1\u202f500", 1500),
    ("1.500.000", 1500000),
    ("1.500,5", "1500.5"),
    ("1,500.5", "1500.5"),
    ("1,50,000", 150000),
    ("0,5", "0.5"),
    ("1.500", "1.500"),
    ("3½", "3.5"),
    ("-4", -4),
    ("٣٤٥", 345),
    ("１，５００", 1500),
    ("1.5 million", 1500000),
    ("£2bn", 2000000000),
    ("twenty-five", 25),
    ("two hundred and fifty thousand", 250000),
    ("half a million", 500000),
    ("one and a half million", 1500000),
    ("two and a half", "2.5"),
    ("a dozen", 12),
    ("a hundred", 100),
    ("one million", 1000000),
    ("1만2천 명", 12000),
    ("1만 2000명", 12000),
    ("3억5천만 원", 350000000),
    ("천오백 명", 1500),
    ("열두 명", 12),
    ("만 명", 10000),
    ("полторы тысячи", 1500),
    ("12 тыс. человек", 12000),
    ("1 млн 200 тыс.", 1200000),
    ("двадцать пять", 25),
    ("двести тысяч", 200000),
    ("сто человек", 100),
    ("двадцати пяти тысяч", 25000),
    ("двумя тысячами", 2000),
    ("пятью тысячами", 5000),
    ("трёх миллионов рублей", 3000000),
    ("полутора миллионов", 1500000),
    ("миллион двести тысяч", 1200000),
    ("двумястами", 200),
    ("스물다섯 명", 25),
    ("십이만 명", 120000),
    ("천만 명", 10000000),
    ("1억 2천만 원", 120000000),
    ("3조 5천억 원", 3500000000000),
    ("1만 2,000여 명", 12000),
    ("백만 달러", 1000000),
    ("12 тисяч солдатів", 12000),
    ("двадцять п'ять тисяч", 25000),
    ("дев’яносто дев’ять осіб", 99),
    ("пів мільйона", 500000),
    ("півтора мільйона", 1500000),
    ("п'ятсот мільйонів", 500000000),
    ("12 тис. осіб", 12000),
    ("1,5 Millionen Euro", 1500000),
    ("12 Mio. Euro", 12000000),
    ("3 milliards", 3000000000),
    ("5 mille soldats", 5000),
    ("3 millones de personas", 3000000),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers_are_read_in_every_writing(text, value):
    figure = parse_figure(text)
    assert figure is not None
    assert figure.value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19",
        "variant B1.1.529",
        "GOV-11176",
        "an F-16 jet",
        "the 21st",
        "at 6:30am",
        "no one of them",
        "on 4 March 2024",
        "in 2015",
        "семья",
        "сім'я",
        "군인",
        "version 1.2.3",
        "a man and a woman",
    ],
)
def test_names_times_ordinals_and_dates_are_no_figures(text):
    assert find_figures(text) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("1,500 men", Q.EXACT),
        ("about 1,500 men", Q.ABOUT),
        ("nearly 1,500 men", Q.ABOUT),
        ("at least 1,500 men", Q.AT_LEAST),
        ("no fewer than 1,500 men", Q.AT_LEAST),
        ("not less than 1,500", Q.AT_LEAST),
        ("1,500 or more", Q.AT_LEAST),
        ("more than 1,500 men", Q.MORE_THAN),
        ("no more than 1,500 men", Q.UP_TO),
        ("up to 1,500 men", Q.UP_TO),
        ("as many as 1,500 men", Q.UP_TO),
        ("fewer than 1,500 men", Q.LESS_THAN),
        ("at least about 1,500 men", Q.AT_LEAST),
        ("thousands of men", Q.AT_LEAST),
        ("약 1,500명", Q.ABOUT),
        ("1,500여 명", Q.ABOUT),
        ("최대 1,500명", Q.UP_TO),
        ("1,500명 이상", Q.AT_LEAST),
        ("1,500명 미만", Q.LESS_THAN),
        ("около 1500 человек", Q.ABOUT),
        ("до 1500 человек", Q.UP_TO),
        ("более 1500 человек", Q.MORE_THAN),
        ("не менее 1500 человек", Q.AT_LEAST),
        ("не более 1500 человек", Q.UP_TO),
    ],
)
def test_bound_words_are_told_apart(text, bound):
    figure = parse_figure(text)
    assert figure is not None
    assert figure.qualifier is bound


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("12,000 soldiers", S.NOT_STATED),
        ("an additional 12,000 soldiers", S.ADDITIONAL),
        ("a further 12,000", S.ADDITIONAL),
        ("12,000 more", S.ADDITIONAL),
        ("12,000 in total", S.IN_TOTAL),
        ("a total of about 12,000", S.IN_TOTAL),
        ("추가로 1만2천 명", S.ADDITIONAL),
        ("총 1만2천 명", S.IN_TOTAL),
        ("ещё 12 тысяч солдат", S.ADDITIONAL),
        ("всего 12 тысяч солдат", S.IN_TOTAL),
    ],
)
def test_scope_words_are_told_apart(text, scope):
    figure = parse_figure(text)
    assert figure is not None
    assert figure.scope is scope


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5%", "%"),
        ("5 per cent", "%"),
        ("5 percentage points", "pp"),
        ("$5m", "USD"),
        ("5 million euros", "EUR"),
        ("US$ 5", "USD"),
        ("3만5000달러", "USD"),
        ("3 млн рублей", "RUB"),
        ("12 km", "km"),
        ("12 км", "km"),
        ("3-year", "year"),
        ("1,500 North Korean soldiers", "soldier"),
        ("12 тыс. северокорейских солдат", "soldier"),
        ("40 armoured vehicles", "vehicles"),
        ("1,500 have arrived", ""),
    ],
)
def test_units_are_named_alike_across_languages(text, unit):
    figure = parse_figure(text)
    assert figure is not None
    assert figure.unit == unit


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 10 and 15 people", 10, 15),
        ("10-15%", 10, 15),
        ("10 to 15 men", 10, 15),
        ("1.5 to 2 million dollars", 1500000, 2000000),
        ("$5m-$10m", 5000000, 10000000),
        ("10~15명", 10, 15),
        ("3~4만 명", 30000, 40000),
        ("от 10 до 15 человек", 10, 15),
    ],
)
def test_ranges_are_one_figure(text, low, high):
    figure = parse_figure(text)
    assert figure is not None
    assert (figure.value, figure.value_high, figure.qualifier) == (low, high, Q.BETWEEN)


@pytest.mark.parametrize(
    "text",
    [
        "rose from 1,500 to 3,000",
        "10 and 15",
        "15 to 10",
        "10명에서 15명으로 늘었다",
        "5 km to 10 miles",
    ],
)
def test_a_move_or_a_list_is_two_figures(text):
    assert len(find_figures(text)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 1,500 men", "about 1500 men"),
        ("1,500 men", "1.5 thousand men"),
        ("twelve men on 4 March", "12 men on March 4"),
        ("1만2천 명", "12,000명"),
        ("at 6:30", "at 6:30"),
        ("no figure here", "nor there"),
    ],
)
def test_quantities_written_otherwise_are_the_same(one, other):
    assert same_quantities(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500 men", "3,000 men"),
        ("about 1,500 men", "at least 1,500 men"),
        ("an additional 12,000", "12,000 in total"),
        ("$5m", "£5m"),
        ("5 km", "5 miles"),
        ("on 31 March 2021", "on 6 April 2021"),
        ("at 6:30am", "at 6:45am"),
        ("GOV-11176", "GOV-11177"),
        ("10-15 men", "10-20 men"),
        ("two men", "three men"),
        ("thousands", "hundreds"),
        ("полторы тысячи", "две тысячи"),
    ],
)
def test_changed_quantities_are_told(one, other):
    assert not same_quantities(one, other)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_with_thousands_separators_reads_as_itself(number):
    figure = parse_figure(f"some {number:,} people")
    assert figure is not None
    assert figure.value == number


SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@given(st.integers(2, 9), st.integers(2, 9), st.integers(2, 9), st.sampled_from(["", " and"]))
def test_english_number_words_add_up(hundreds, tens, ones, joint):
    words = f"{SMALL[hundreds]} hundred{joint} {TENS[tens - 2]}-{SMALL[ones]} thousand"
    figure = parse_figure(words)
    assert figure is not None
    assert figure.value == (hundreds * 100 + tens * 10 + ones) * 1000


@given(st.text(st.sampled_from(list("0123456789.,- %$£~만천억명여aboutone двести\n")), max_size=40))
def test_spans_are_ordered_apart_and_quote_the_text(text):
    spans = find_figures(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(span.value.text == text[span.start : span.end] for span in spans)


@given(st.text(max_size=60))
def test_any_text_has_the_quantities_it_has(text):
    assert same_quantities(text, text)


@pytest.mark.parametrize(
    "piece", ["1 ", "1,", "1-", "about ", "만", "5 to ", "half a ", "тысяч ", "1"]
)
def test_hostile_repetition_is_read_without_choking(piece):
    find_figures(piece * 5_000)
