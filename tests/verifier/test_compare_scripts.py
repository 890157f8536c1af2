"""Changed wording and figures inside quotes of other scripts and languages."""

import pytest

from claims.states import QuoteState as State
from tests.verifier.test_compare import find, page

OTHER_SCRIPTS = [
    ("북한군 약 1,500명이 러시아에 도착했다고 국정원이 밝혔다.", "1,500명", "3,000명", True),
    (
        "북한군 약 1,500명이 러시아에 도착했다고 국정원이 밝혔다.",
        "도착했다고",
        "도착하지 않았다고",
        False,
    ),
    ("Около 12 тысяч солдат прибыли в Россию, сообщило ведомство.", "12 тысяч", "20 тысяч", True),
    ("Около 12 тысяч солдат прибыли в Россию, сообщило ведомство.", "прибыли", "не прибыли", False),
    ("وصل ١٥٠٠ جندي إلى روسيا بحسب الوكالة", "١٥٠٠", "٣٠٠٠", True),
    ("大约一千五百名士兵已抵达俄罗斯，该机构说。", "俄罗斯", "白俄罗斯", False),
    ("Περίπου 1.500 στρατιώτες έφτασαν στη Ρωσία", "Ρωσία", "Κίνα", False),
]


WITHOUT_TABLES = [
    ("დაახლოებით 1500 ჯარისკაცი ჩავიდა რუსეთში", "ჩავიდა", "არ ჩავიდა"),
    ("ทหารประมาณ 1500 นายเดินทางถึงรัสเซียแล้ว", "ถึง", "ออกจาก"),
    ("लगभग 1500 सैनिक रूस पहुँच गए हैं", "रूस", "चीन"),
    ("وصل نحو 1500 جندي إلى روسيا يوم الجمعة", "وصل", "لم يصل"),
    ("Περίπου 1500 στρατιώτες έφτασαν στη Ρωσία", "έφτασαν", "δεν έφτασαν"),
]


@pytest.mark.parametrize(("quote", "was", "now"), WITHOUT_TABLES)
@pytest.mark.parametrize("with_before", [True, False])
def test_any_changed_wording_is_altered_in_a_language_without_tables(quote, was, now, with_before):
    before = page(quote) if with_before else None
    assert find(page(quote), quote, before=before).state is State.STANDING
    assert find(page(quote.replace(was, now)), quote, before=before).state is State.ALTERED


@pytest.mark.parametrize(("quote", "was", "now", "is_figure"), OTHER_SCRIPTS)
def test_changed_wording_is_altered_in_other_scripts(quote, was, now, is_figure):
    finding = find(page(quote.replace(was, now)), quote, before=page(quote))
    assert (finding.state, finding.figure_altered) == (State.ALTERED, is_figure)
