import pytest

from claims.text.passages import nearest_in, passage_in

TEXT = "The NIS said on Friday that “about 1,500” soldiers arrived.\nMore will follow, it said.\n"


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("about 1,500” soldiers", "about 1,500” soldiers"),
        ('"about 1,500" soldiers', "“about 1,500” soldiers"),
        ("soldiers arrived. More will", "soldiers arrived.\nMore will"),
        ("ABOUT 1,500” SOLDIERS", "about 1,500” soldiers"),
    ],
)
def test_words_that_stand_there_are_given_in_the_text_s_own(typed, exact):
    found = passage_in(TEXT, typed)
    assert found is not None
    assert found.exact == exact == TEXT[found.start : found.end]
    assert TEXT[: found.start].endswith(found.prefix)
    assert TEXT[found.end :].startswith(found.suffix)
    assert max(len(found.prefix), len(found.suffix)) <= 32


@pytest.mark.parametrize("typed", ["about 3,000 soldiers", "", "…", "1,50"])
def test_words_that_do_not_stand_there_are_not_found(typed):
    assert passage_in(TEXT, typed) is None


def test_of_the_same_words_twice_the_surroundings_tell_which():
    text = "In the north ten died. In the south ten died."
    found = passage_in(text, "ten died", prefix="In the south ")
    assert found is not None
    assert found.start == text.rindex("ten died")


def test_offsets_are_code_points_beside_signs_outside_the_basic_plane():
    text = "🚢🚢 Ten ships sank 🚢."
    found = passage_in(text, "Ten ships sank")
    assert found is not None
    assert (found.start, found.prefix, found.suffix) == (3, "🚢🚢 ", " 🚢.")


def test_the_nearest_words_help_whoever_mistyped():
    assert "1,500” soldiers arrived" in nearest_in(TEXT, "about 3,000 soldiers arrived")
    assert nearest_in(TEXT, "Nothing of the kind stands anywhere in it") == ""
