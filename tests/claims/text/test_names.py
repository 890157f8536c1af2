import pytest

from claims.text.names import find_names, find_negations


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He met Kim Jong-un in Pyongyang.", ["Kim Jong-un", "Pyongyang"]),
        ("The Ministry of Defence said so.", ["Ministry of Defence"]),
        ("a Moscow-based agency", ["Moscow"]),
        ("Mr. Zelensky spoke.", ["Mr. Zelensky"]),
        ("Soldiers arrived near Kursk.", ["Kursk"]),
        ("Kursk fell. They left Kursk.", ["Kursk", "Kursk"]),
        ("Президент Владимир Зеленский сказал.", ["Президент Владимир Зеленский"]),
        ("The Guardian, Reuters and the BBC reported.", ["Guardian", "Reuters", "BBC"]),
        ("nothing here", []),
        ("북한군이 도착했다.", []),
    ],
)
def test_names_are_runs_of_capitals(text, names):
    assert [text[start:end] for start, end in find_names(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "they did not go",
        "they didn’t go",
        "never again",
        "no longer there",
        "he denied it",
        "가지 않았다",
        "병력이 없다",
        "사실이 아니다",
        "он не был там",
        "никогда",
    ],
)
def test_negations_are_seen(text):
    assert len(find_negations(text)) >= 1


@pytest.mark.parametrize(
    "text", ["they went", "a notable knot", "갔다", "он был там", "небо", "하나로"]
)
def test_plain_statements_hold_no_negation(text):
    assert find_negations(text) == ()
