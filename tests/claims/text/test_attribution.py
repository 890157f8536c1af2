import pytest

from claims.text.attribution import attribute
from claims.text.language import guess_language


def read(words, text=""):
    text = text or words
    start = text.index(words)
    return attribute(text, start=start, end=start + len(words))


@pytest.mark.parametrize(
    ("words", "statement", "claimant", "cue"),
    [
        ("According to South Korean media, about 1,500 soldiers have reached Russia.", "About 1,500 soldiers have reached Russia.", "South Korean media", "According to"),
        ("North Korea has sent 1,500 soldiers, says the NIS", "North Korea has sent 1,500 soldiers.", "the NIS", "says"),
        ("Troops have arrived, according to the ministry.", "Troops have arrived.", "the ministry", "according to"),
        ("The NIS said on Friday that North Korea had sent troops.", "North Korea had sent troops.", "The NIS", "said on Friday that"),
        ("The NIS told the news agency Reuters that they have identified officers.", "They have identified officers.", "The NIS", "told the news agency Reuters that"),
        ("The NIS said North Korea had sent troops.", "North Korea had sent troops.", "The NIS", "said"),
        ("“We are losing,” the general said on Monday.", "We are losing.", "the general", "said"),
        ("Zelensky warned: “This is a first step.”", "This is a first step.", "Zelensky", "warned"),
        ("Two bridges fell, the mayor said.", "Two bridges fell.", "the mayor", "said"),
        ("Laut Polizei, sind zwei Menschen verletzt.", "Sind zwei Menschen verletzt.", "Polizei", "Laut"),
        ("По данным разведки, 1500 солдат прибыли в Россию.", "1500 солдат прибыли в Россию.", "разведки", "По данным"),
        ("Солдаты прибыли в Россию, сообщило агентство Ренхап.", "Солдаты прибыли в Россию.", "агентство Ренхап", "сообщило"),
        ("Зеленский заявил, что солдаты прибыли.", "Солдаты прибыли.", "Зеленский", "заявил, что"),
        ("국정원에 따르면 북한군이 러시아에 도착했다.", "북한군이 러시아에 도착했다.", "국정원", "에 따르면"),
        ("국정원은 북한군이 러시아에 도착했다고 밝혔다.", "북한군이 러시아에 도착했다.", "국정원", "밝혔다"),
    ],
)  # fmt: skip
def test_attribution_is_cut_off_and_named(words, statement, claimant, cue):
    found = read(words)
    assert (found.statement, found.claimant, found.cue) == (statement, claimant, cue)


@pytest.mark.parametrize(
    ("words", "text", "claimant"),
    [
        ("about 1,500 soldiers have reached Russia", "According to South Korean media, about 1,500 soldiers have reached Russia.", "South Korean media"),
        ("an additional 12,000 are to follow", "According to South Korean media, 1,500 came, and an additional 12,000 are to follow.", "South Korean media"),
        ("Two bridges fell", "Two bridges fell, the mayor said. Nobody was hurt.", "the mayor"),
        ("they have identified officers", "The NIS told Reuters that they have identified officers.", "The NIS"),
        ("Nobody was hurt", "Two bridges fell, the mayor said. Nobody was hurt.", ""),
        ("The bridge fell", "According to the mayor, all is well.\nThe bridge fell.", ""),
    ],
)  # fmt: skip
def test_who_says_it_is_read_from_the_same_sentence_alone(words, text, claimant):
    found = read(words, text)
    assert found.claimant == claimant
    assert found.statement.rstrip(".") == words[0].upper() + words[1:]


@pytest.mark.parametrize(
    "words",
    [
        "About 1,500 soldiers have reached Russia.",
        "The bank closed two branches, one of them in Kent.",
        "In 2024, the ministry moved to Leeds.",
        "朝鲜军队抵达俄罗斯。",
    ],
)
def test_without_a_cue_nobody_is_named(words):
    found = read(words)
    assert (found.statement, found.claimant, found.cue) == (words, "", "")


def test_hedges_and_what_lies_ahead_are_told():
    found = read("12,000 soldiers are reportedly expected to follow")
    assert found.hedges == ("reportedly", "expected to")
    assert found.is_told_ahead
    assert not read("12,000 soldiers followed").is_told_ahead


@pytest.mark.parametrize("words", [" ", ",", "“”", "said", ", said X", "According to X,"])
def test_words_that_say_nothing_make_no_fault(words):
    read(words, f"a{words}b")


def test_a_long_line_is_read_in_time_that_grows_with_it():
    text = "the man said the " * 20_000
    attribute(text, start=0, end=2_000)
    attribute(", said " * 20_000, start=10_000, end=12_000)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("North Korea has sent troops to the front.", "en"),
        ("Die Soldaten sind nicht in der Stadt.", "de"),
        ("Les soldats sont dans la ville.", "fr"),
        ("북한군이 도착했다", "ko"),
        ("Солдаты прибыли", "ru"),
        ("Солдати прибули до її міста", "uk"),
        ("朝鲜军队抵达", "zh"),
        ("兵士がロシアに着いた", "ja"),
        ("12,000", ""),
    ],
)
def test_language_is_guessed(text, code):
    assert guess_language(text) == code
