import time

import pytest

from claims.text.attributions import MOST, attributed_near


def names(text, passage):
    start = text.index(passage)
    return [found.name for found in attributed_near(text, start, start + len(passage))]


@pytest.mark.parametrize(
    ("text", "passage", "found"),
    [
        ("SEOUL (Reuters) - About 1,500 soldiers arrived.", "About 1,500", ["Reuters"]),
        ("Twelve ships sank, according to the Port Authority.", "Twelve ships", ["Port Authority"]),
        (
            "“We lost 3,000 men,” Zelenskyy told Le Monde.",
            "We lost 3,000 men",
            ["Zelenskyy", "Le Monde"],
        ),
        ("The Ministry of Defence said 12 died.", "12 died", ["Ministry of Defence"]),
        ("국가정보원에 따르면 북한군 1500명이 이동했다.", "북한군 1500명", ["국가정보원"]),
        ("По данным ООН, погибли 12 человек.", "погибли 12", ["ООН"]),
        ("It was fine. He said so. They reported it.", "It was fine", []),
        ("Nobody is named here at all.", "named here", []),
    ],
)
def test_whom_the_words_beside_a_passage_name(text, passage, found):
    assert names(text, passage) == found


def test_the_nearest_comes_first_and_what_is_far_off_is_left_out():
    text = "Reuters reported it. " + "x " * 300 + "Tass said that ships sank. Yonhap said more."
    assert names(text, "ships sank") == ["Yonhap", "Tass"]


def test_a_crafted_text_costs_little_and_gives_few():
    text = "A" * 4000 + " (" + "Aa " * 3000 + "said"
    begun = time.process_time()
    assert len(attributed_near(text, 10, 8000)) <= MOST
    assert time.process_time() - begun < 5
