import pytest

from claims.text.strength import is_flat, strong_words


def strong(text, claim):
    start = text.index(claim)
    return strong_words(text, start=start, end=start + len(claim))


@pytest.mark.parametrize(
    ("text", "claim", "words"),
    [
        ("The agency verified direct military help.", "direct military help", ("verified",)),
        ("They have identified officers at the front.", "officers at the front", ("identified",)),
        (
            "Tests proved that the wreck is the lost ship.",
            "the wreck is the lost ship",
            ("proved",),
        ),
        ("The confirmation of the deal came late.", "the deal", ("confirmation of",)),
        ("Experts say it is so beyond any doubt.", "it is so", ("beyond any doubt",)),
        ("Das Ministerium hat den Vorfall bestätigt.", "den Vorfall", ("bestätigt",)),
        ("L’armée a confirmé la mort du chef.", "la mort du chef", ("confirmé",)),
        ("La policía ha identificado a dos hombres.", "dos hombres", ("identificado",)),
        ("Власти подтвердили гибель солдат.", "гибель солдат", ("подтвердили",)),
        ("국방부는 병력 이동을 확인했다.", "병력 이동", ("확인했다",)),
        ("It was confirmed and then confirmed again.", "It was", ("confirmed",)),
    ],
)
def test_a_word_that_calls_a_claim_established_is_strong(text, claim, words):
    assert strong(text, claim) == words


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The video has not been independently verified.", "The video"),
        ("The unverified footage shows a convoy.", "footage shows a convoy"),
        ("If confirmed, these moves are dangerous.", "these moves are dangerous"),
        ("The report could not be confirmed.", "The report"),
        ("The toll hasn’t been confirmed.", "The toll"),
        ("The names are yet to be confirmed.", "The names"),
        ("Talks proved difficult for both sides.", "Talks"),
        ("She is a leader with a proven record of reform.", "She is a leader"),
        ("Der Vorfall wurde bisher nicht bestätigt.", "Der Vorfall"),
        ("La nouvelle n’a pas été confirmée.", "La nouvelle"),
        ("La cifra no ha sido confirmada.", "La cifra"),
        ("Данные пока не подтверждены.", "Данные"),
        ("He said “we have verified it” of the attack.", "the attack"),
        ("Troops arrived.\nThe agency verified other things.", "Troops arrived"),
        ("Troops arrived. The agency verified other things.", "Troops arrived"),
        ("Troops arrived at the northern border, where " + "long " * 15 + "verified.", "Troops"),
    ],
)
def test_what_is_denied_conditional_quoted_or_elsewhere_is_not(text, claim):
    assert strong(text, claim) == ()


@pytest.mark.parametrize(
    ("text", "claim", "flat"),
    [
        ("About 1,500 soldiers have arrived.", "1,500 soldiers have arrived", True),
        (
            "According to the NIS, 1,500 soldiers have arrived.",
            "1,500 soldiers have arrived",
            False,
        ),
        ("1,500 soldiers have arrived, officials said.", "1,500 soldiers have arrived", False),
        ("A video allegedly showing soldiers went viral.", "showing soldiers", False),
        ("A video showing soldiers went viral.", "showing soldiers", True),
        ("The NIS said it was so. Soldiers have arrived.", "Soldiers have arrived", True),
    ],
)
def test_a_claim_is_flat_where_nobody_is_named_and_nothing_hedges_it(text, claim, flat):
    start = text.index(claim)
    assert is_flat(text, start=start, end=start + len(claim)) is flat
