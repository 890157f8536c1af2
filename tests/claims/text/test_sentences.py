import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.sentences import split_sentences


def sentences(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Smith and Gen. Lee met.", ["Mr. Smith and Gen. Lee met."]),
        ("The U.S. Embassy closed. It reopened.", ["The U.S. Embassy closed.", "It reopened."]),
        ("J. K. Rowling wrote it.", ["J. K. Rowling wrote it."]),
        ("See No. 5 and p. 12. No. Never.", ["See No. 5 and p. 12.", "No.", "Never."]),
        ("It rose 3.5 per cent. Then fell.", ["It rose 3.5 per cent.", "Then fell."]),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("“Go!” she said. “Now?” he asked.", ["“Go!” she said.", "“Now?” he asked."]),
        ("Apples, pears etc. The rest.", ["Apples, pears etc.", "The rest."]),
        ("A heading\nA line below", ["A heading", "A line below"]),
        ("1,500명이 도착했다. 국정원이 밝혔다.", ["1,500명이 도착했다.", "국정원이 밝혔다."]),
        (
            "Около 12 тыс. человек. В 2024 г. он жил.",
            ["Около 12 тыс. человек.", "В 2024 г. он жил."],
        ),
        ("一个。两个！三个", ["一个。", "两个！", "三个"]),
        ("Wait... what? yes", ["Wait... what? yes"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert sentences(text) == expected


@given(st.text(st.sampled_from(list("Aa. !?\n“”\"'3é한。")), max_size=80))
def test_sentences_keep_every_character_that_is_not_white(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["." * 300_000, "A. " * 100_000, ". " + "'" * 300_000])
def test_hostile_marks_are_cut_without_choking(text):
    assert sentences(text)
