import pytest

from claims.text.shingles import share_in, shingles_of

STORY = "About 1,500 soldiers have arrived in the east, the intelligence service said on Friday. "
OTHER = "The harvest was poor this year, and bakers in the capital ask more for a loaf of bread. "


@pytest.mark.parametrize(
    ("text", "other", "least", "most"),
    [
        (STORY, STORY, 1.0, 1.0),
        (STORY.upper(), STORY, 1.0, 1.0),
        (STORY, OTHER, 0.0, 0.0),
        (STORY, OTHER + STORY + OTHER, 0.7, 1.0),
        (STORY + OTHER, STORY, 0.3, 0.6),
        ("", STORY, 0.0, 0.0),
        ("Too short to tell", STORY, 0.0, 0.0),
    ],
)
def test_which_share_of_a_text_stands_in_another(text, other, least, most):
    assert least <= share_in(shingles_of(text), shingles_of(other)) <= most
