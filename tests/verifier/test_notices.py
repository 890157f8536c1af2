"""What a publisher says of its own page, and what only looks like it."""

import pytest

from claims.states import NoticeKind
from claims.types import Notice, PageText
from verifier import notices

CORRECTIONS = [
    "Correction: A previous version of this article misspelled the mayor's name. It is Jon.",
    "CORRECTION (May 5): The article gave the wrong figure; it is 340, not 430.",
    "Correction, 4 May 2020: The piece named the wrong hospital.",
    "Correction to an earlier story: the suspect was 24, not 42.",
    "Clarification: The headline now makes clear that the charges were dropped.",
    "Editor's note: This article previously stated that the plant had closed. It remains open.",
    "This story corrects the spelling of the senator's name in the third paragraph.",
    "(Corrects paragraph 3 to say 1,500 soldiers, not 15,000)",
    "An earlier version said the vote was on Tuesday. It was on Monday.",
    "• This article was amended on 3 March 2021 because the wrong date was given.",
    "The Daily regrets the error.",
    "This post has been updated to correct the number of people killed.",
    "A caption in an earlier version of this story misidentified the man on the left.",
    "The original version of this story contained an error.",
    "Erratum: Table 2 listed the wrong units; the values are in kilograms.",
    "Berichtigung: In einer früheren Version dieses Artikels hieß es, er sei zurückgetreten.",
    "Rectificatif : une version précédente de cet article indiquait un chiffre erroné.",
    "Corrección: una versión anterior de este artículo indicaba que murieron 30 personas.",
    "Исправление: в предыдущей версии статьи была указана неверная дата.",
    "Corrected on 4 June: the company is based in Leeds, not Sheffield.",
    "Corrected at 14:20 GMT to fix the number of casualties.",
    "We originally reported that 40 people had died. The correct figure is 14.",
    "In a previous version of this article, the name of the spokesman was wrong.",
    "The article has been corrected to give the right name of the village.",
    "Korrekturhinweis: In einer früheren Fassung dieses Artikels stand, die Brücke sei zerstört.",
    "Berichtigung vom 3. Mai: Die Zahl der Toten liegt bei 12, nicht 21.",
    "Une première version de cet article indiquait par erreur que 300 soldats étaient morts.",
    "En una versión anterior de esta noticia se decía que el puente había sido destruido.",
    "Fe de errores: en la información de ayer se decía que el ministro había dimitido.",
    "Виправлення: у попередній версії статті було вказано неправильну кількість загиблих.",
    "Уточнення: загинули 12 осіб, а не 21, як повідомлялося раніше.",
    "이 기사는 사망자 수를 바로잡아 수정했습니다.",
    "更正：本文早前版本误将士兵人数写为三万，实际为三千。",
    "本文早前版本错误地指出该桥已被摧毁。",
    "編按：本文初版誤植部長姓名，現已更正。",
    "[정정] 본지는 앞서 1500명이라고 보도했으나 사실과 달라 바로잡습니다.",
]
RETRACTIONS = [
    "This article has been retracted.",
    "RETRACTION: We have withdrawn our story on the missile strike after the source recanted.",
    "This guidance was withdrawn on 1 April 2022",
    "Retracted: Effect of zinc on recovery in mice",
    "The editors have retracted this article because the data could not be verified.",
    "This story has been removed because it did not meet our standards.",
    "Dieser Artikel wurde von der Redaktion zurückgezogen.",
    "Статья отозвана редакцией.",
    "해당 기사를 철회합니다.",
    "Retraction notice: the paper is retracted because of image duplication.",
    "STORY REMOVED: this article was based on a hoax.",
    "The Daily Post has retracted this article after learning that its author invented quotes.",
    "Wir haben diesen Artikel zurückgezogen.",
    "Nous avons retiré cet article.",
    "Статтю видалено редакцією, оскільки інформація не підтвердилася.",
    "本文已被撤回。",
]
UPDATES = [
    "This story has been updated with a statement from the company.",
    "UPDATE, 3:14 p.m.: Police have identified the victim as a 34-year-old man.",
    "Updated at 4 p.m. to include comment from the ministry.",
    "Update (May 6): The company has now apologised to its customers.",
    "This article was first published in March and has been updated throughout.",
    "(Adds quotes, background)",
    "Cet article a été mis à jour avec la réaction du ministère.",
    "Dieser Artikel wurde um eine Stellungnahme ergänzt.",
    "Материал обновлен после заявления министерства.",
    "Esta noticia se ha actualizado con las declaraciones del ministro.",
    "Статтю оновлено: додано коментар міністерства.",
    "本文已更新，加入了国防部的回应。",
]
NOTHING = [
    "",
    "UPDATE 2-Oil prices rise on supply fears",
    "Updated: 3 May 2021",
    "Published 3 May 2021 | Updated 4 May 2021",
    "This page was last updated on 3 May 2021.",
    "Correction officers at the prison went on strike on Monday.",
    "The Department of Corrections said it would investigate.",
    "The company corrected its earlier statement on Friday.",
    "An earlier version of the bill would have banned the practice.",
    "Previous versions of the software listed the wrong address.",
    "Corrections & clarifications",
    "Correction: see our corrections page.",
    "If you see an error in this article, please report it to desk@example.org.",
    "We are committed to correcting errors. Read our corrections policy.",
    "Troops withdrew from the city; the order was withdrawn.",
    "The company has retracted its forecast for the year.",
    "This is a developing story and will be updated.",
    "Editor's note: The author is a former minister.",
    "The earlier headline figure was said to include part-time staff.",
    "정정 요청은 이메일로 보내 주십시오.",
    "How newspapers correct their errors: a study of 1,200 corrections",
    "The study was retracted in 2010 after an inquiry found it to be fraudulent.",
    "The minister amended his statement to say that no troops were sent.",
    "Market correction: stocks fall 10 per cent from their peak this week",
    "As we previously reported, the bridge was destroyed.",
    "Update on the situation in Ukraine as of 3 May",
    "Retracted bids cost the city 3 million dollars, auditors say",
    "Der Minister korrigierte seine Aussage vom Vortag.",
    "Министр уточнил, что речь идёт о 12 тысячах солдат.",
    "국방부는 앞서 발표한 수치를 정정했다.",
    "国防部更正了此前公布的数字。",
    "更新时间：2024年5月3日",
]
KINDS = [
    *((line, NoticeKind.CORRECTION) for line in CORRECTIONS),
    *((line, NoticeKind.RETRACTION) for line in RETRACTIONS),
    *((line, NoticeKind.UPDATE) for line in UPDATES),
    *((line, NoticeKind.NONE) for line in NOTHING),
]
BODY = "The ministry said on Friday that 1,500 soldiers had reached the border region."
NOTE = "Correction: An earlier version of this article misstated the number of soldiers."


def page(*lines, **about):
    return PageText(text="\n".join(lines), **about)


@pytest.mark.parametrize(("line", "kind"), KINDS)
def test_a_line_is_judged_by_its_form(line, kind):
    assert notices.classify(line) == kind


def test_a_label_with_the_text_below_it_is_one_notice():
    text = "Correction: July 16, 2025\nThe canal was begun in the 1790s, not in 1781 as we wrote."
    assert notices.classify(text) == NoticeKind.CORRECTION


def test_a_new_notice_is_found_with_its_words():
    found = notices.find(page(BODY, NOTE), before=page(BODY))
    assert found == Notice(NoticeKind.CORRECTION, NOTE)


def test_a_notice_that_was_there_before_is_not_new():
    before = page(NOTE.replace("An earlier", "An  earlier").upper(), BODY)
    assert notices.find(page(BODY, NOTE), before=before) == Notice()


def test_without_an_earlier_look_every_notice_is_new():
    assert notices.find(page(BODY, NOTE), before=None).kind == NoticeKind.CORRECTION


def test_a_label_alone_on_its_line_speaks_for_the_line_below():
    words = "The canal was begun in the 1790s, not in 1781."
    found = notices.find(page(BODY, "Correction", words), before=page(BODY))
    assert found.kind == NoticeKind.CORRECTION
    assert words in found.text


def test_a_heading_of_a_menu_speaks_for_nothing():
    assert notices.find(page(BODY, "Corrections", "About us"), before=page(BODY)) == Notice()


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Corrected the figure in paragraph 4 from 20 to 25.", NoticeKind.CORRECTION),
        ("Fixed a typo", NoticeKind.CORRECTION),
        ("Removed the guidance on visits, as it has been withdrawn.", NoticeKind.RETRACTION),
        ("Added opening hours for the summer.", NoticeKind.UPDATE),
        ("Uploaded the correct version of the form.", NoticeKind.UPDATE),
    ],
)
def test_the_newest_entry_of_a_list_of_changes_is_the_notice(note, kind):
    before = page(BODY, "Last updated 3 May 2021", "3 May 2021", "First published.")
    after = page(
        BODY, "Last updated 9 May 2021", "9 May 2021", note, "3 May 2021", "First published."
    )
    assert notices.find(after, before=before) == Notice(kind, note)


def test_dates_without_a_word_of_updates_above_them_are_no_list_of_changes():
    after = page(BODY, "9 May 2021", "The town was shelled again.", "3 May 2021", "Fighting began.")
    assert notices.find(after, before=page(BODY)) == Notice()


def test_the_first_entry_of_a_list_of_changes_is_no_notice():
    after = page(BODY, "All updates", "3 May 2021", "First published.")
    assert notices.find(after, before=page(BODY)) == Notice()


def test_the_gravest_of_several_new_notices_is_told():
    update = "This article has been updated with a statement."
    found = notices.find(page(update, BODY, NOTE), before=page(BODY))
    assert found.kind == NoticeKind.CORRECTION


def test_a_correction_in_the_markup_is_a_notice():
    told = "The figure was 1,500, not 15,000."
    found = notices.find(page(BODY, correction=told), before=page(BODY))
    assert found == Notice(NoticeKind.CORRECTION, told)


def test_a_title_marked_retracted_is_a_notice():
    title = "RETRACTED: Effect of zinc on recovery in mice"
    found = notices.find(page(BODY, title=title), before=page(BODY, title=title[11:]))
    assert found == Notice(NoticeKind.RETRACTION, title)


def test_the_body_keeps_offsets_and_loses_what_the_page_says_of_itself():
    after = page("Updated 9 May 2021", BODY, NOTE)
    account = notices.read(after)
    assert account.body.split() == BODY.split()
    assert account.body.index(BODY) == after.text.index(BODY)


COUNTERS = [
    "12 comments",
    "1,204 shares",
    "Comments (12)",
    "5 min read",
    "Updated 3 hours ago",
    "vor 3 Stunden",
    "il y a 3 heures",
    "3 часа назад",
    "3 години тому",
    "3시간 전",
    "댓글 12",
    "5小时前",
]


@pytest.mark.parametrize("line", COUNTERS)
def test_ages_and_counts_of_readers_are_no_part_of_the_body(line):
    assert notices.read(page(BODY, line)).body.split() == BODY.split()


@pytest.mark.parametrize(
    "line",
    ["12 soldiers", "1,500 shares sold", "Three days ago the army left", "Killed 3 days ago"],
)
def test_other_short_lines_with_numbers_are_part_of_the_body(line):
    assert line in notices.read(page(BODY, line)).body


def test_known_lines_are_passed_over():
    account = notices.read(page(BODY, NOTE), known={NOTE})
    assert account.notices == ()
    assert NOTE in account.body


def test_a_new_entry_at_the_foot_of_a_known_list_is_read():
    old = ["All updates", "3 May 2021", "First published.", "9 May 2021", "Added a map."]
    after = page(BODY, *old, "12 May 2021", "Corrected a figure.")
    account = notices.read(after, known={BODY, *old})
    assert account.changes == ("Corrected a figure.",)


@pytest.mark.timeout(20)
def test_a_page_of_nothing_but_notices_is_read_to_its_end():
    hostile = page(*(f"{NOTE} {number}" for number in range(20_000)))
    assert notices.find(hostile, before=None).kind == NoticeKind.CORRECTION
