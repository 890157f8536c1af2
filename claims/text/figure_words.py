"""The words of figures: numbers, scales, bounds, units, months.

English, Korean and Russian in full, the numbers of Ukrainian, the scales of German, French and
Spanish. Tables only; `numerals`, `dates` and `figures` read them. Russian and Ukrainian entries are
stems: any ending of at most three letters goes with them.
"""

from decimal import Decimal

from claims.states import FigureQualifier as Q
from claims.states import FigureScope as S


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ADDENDS_EN = {
    word: value
    for value, word in enumerate(
        _listed(
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen"""
        )
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(_listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
SMALL_EN = {"hundred": 100, "dozen": 12}
LARGE_EN = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mln": 10**6, "bln": 10**9, "k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
LARGE_OTHER = {
    "tausend": 10**3, "tsd": 10**3, "millionen": 10**6, "mio": 10**6, "milliarde": 10**9,
    "milliarden": 10**9, "mrd": 10**9, "billionen": 10**12, "mille": 10**3, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9, "millón": 10**6, "millones": 10**6, "billones": 10**12,
}  # fmt: skip
CUT_OTHER = frozenset({"tsd", "mio", "mrd"})
VAGUE_EN = {"dozens": 12, "scores": 20, "hundreds": 100, "thousands": 10**3, "millions": 10**6,
            "billions": 10**9, "tens": 10}  # fmt: skip

ADDENDS_RU = {
    "ноль": 0, "один": 1, "одн": 1, "два": 2, "две": 2, "двух": 2, "двум": 2, "двумя": 2, "три": 3,
    "трех": 3, "трем": 3, "тремя": 3, "четыре": 4, "четырех": 4, "четырем": 4, "четырьмя": 4,
    "пять": 5, "пят": 5, "шест": 6,
    "семь": 7, "семи": 7, "восемь": 8, "восьм": 8, "девят": 9, "десять": 10, "десят": 10,
    "одиннадцат": 11, "двенадцат": 12, "тринадцат": 13, "четырнадцат": 14, "пятнадцат": 15,
    "шестнадцат": 16, "семнадцат": 17, "восемнадцат": 18, "девятнадцат": 19, "двадцат": 20,
    "тридцат": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70,
    "восемьдесят": 80, "девяност": 90, "сто": 100, "двести": 200, "двухсот": 200,
    "двумст": 200, "двумяст": 200, "триста": 300, "трехсот": 300, "тремяст": 300,
    "четыреста": 400, "четырехсот": 400, "пятьсот": 500, "пятисот": 500,
    "шестьсот": 600, "шестисот": 600, "семьсот": 700, "семисот": 700, "восемьсот": 800,
    "восьмисот": 800, "девятьсот": 900, "девятисот": 900,
}  # fmt: skip
ADDENDS_UK = {
    "дві": 2, "двом": 2, "трьох": 3, "трьом": 3, "чотири": 4, "чотирьох": 4, "п'ят": 5, "п'ять": 5,
    "шіст": 6, "шість": 6, "сім": 7, "семи": 7, "вісім": 8, "восьми": 8, "дев'ят": 9,
    "дев'ять": 9, "одинадцят": 11, "дванадцят": 12, "тринадцят": 13, "чотирнадцят": 14,
    "п'ятнадцят": 15, "шістнадцят": 16, "сімнадцят": 17, "вісімнадцят": 18, "дев'ятнадцят": 19,
    "двадцят": 20, "тридцят": 30, "п'ятдесят": 50, "шістдесят": 60, "сімдесят": 70,
    "вісімдесят": 80, "дев'яност": 90, "двісті": 200, "чотириста": 400, "п'ятсот": 500,
    "шістсот": 600, "сімсот": 700, "вісімсот": 800, "дев'ятсот": 900,
}  # fmt: skip
FRACTIONS_UK = {"півтор": Decimal("1.5")}
LARGE_UK = {"тисяч": 10**3, "тис": 10**3, "мільйон": 10**6, "мільярд": 10**9, "трильйон": 10**12}
FRACTIONS_RU = {"полтор": Decimal("1.5"), "полутор": Decimal("1.5")}
CUT_RU = frozenset({"тыс", "тис", "млн", "млрд", "трлн"})
LARGE_RU = {"тысяч": 10**3, "тыс": 10**3, "миллион": 10**6, "млн": 10**6, "миллиард": 10**9,
            "млрд": 10**9, "триллион": 10**12, "трлн": 10**12}  # fmt: skip
VAGUE_RU = {"десятки": 10, "десятков": 10, "сотни": 100, "сотен": 100, "тысячи": 10**3,
            "миллионы": 10**6}  # fmt: skip

DIGITS_KO = {character: value for value, character in enumerate("일이삼사오육칠팔구", 1)}
SMALL_KO = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
LARGE_KO = {"만": 10**4, "억": 10**8, "조": 10**12, "万": 10**4, "萬": 10**4, "億": 10**8,
            "亿": 10**8}  # fmt: skip
NATIVE_TENS_KO = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60,
                  "일흔": 70, "여든": 80, "아흔": 90}  # fmt: skip
NATIVE_ONES_KO = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
                  "아홉": 9}  # fmt: skip
COUNTERS_KO = _listed(
    "명 원 달러 유로 위안 엔 루블 개월 개 대 척 발 건 곳 마리 차례 시간 세 살 톤 킬로미터 미터 "
    "킬로그램 퍼센트 사람 가구 채 회 차 번 배 점 기 문 정 주 년 일 분 초 권 장 표 석 층 호"
)

BOUNDS_BEFORE: tuple[tuple[str, Q], ...] = (
    (r"not? (?:fewer|less) than|at (?:the )?least|a minimum of|minimum", Q.AT_LEAST),
    (r"not? more than|at (?:the )?most|a maximum of|maximum|up to|as (?:many|much|high) as",
     Q.UP_TO),
    (r"more than|(?<!all )over|above|upwards? of|in excess of|exceeding|greater than", Q.MORE_THAN),
    (r"fewer than|less than|under|below|short of", Q.LESS_THAN),
    (r"about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca?\.", Q.ABOUT),
    (r"close to|(?:an )?estimated", Q.ABOUT),
    (r"не менее(?: чем)?|не меньше|(?:как )?минимум|по (?:меньшей|крайней) мере", Q.AT_LEAST),
    (r"не более(?: чем)?|не больше|максимум|до", Q.UP_TO),
    (r"более(?: чем)?|больше(?: чем)?|свыше|превыша\w+", Q.MORE_THAN),
    (r"менее(?: чем)?|меньше(?: чем)?", Q.LESS_THAN),
    (r"около|примерно|приблизительно|порядка|почти|ориентировочно", Q.ABOUT),
    (r"최소(?:한)?|적어도", Q.AT_LEAST),
    (r"최대", Q.UP_TO),
    (r"약|대략|거의", Q.ABOUT),
    (r"[~≈]", Q.ABOUT),
    (r">=|≥", Q.AT_LEAST),
    (r"<=|≤", Q.UP_TO),
)  # fmt: skip
BOUNDS_AFTER: tuple[tuple[str, Q], ...] = (
    (r"or more|or higher|and over|at (?:the )?least|-?plus\b|\+", Q.AT_LEAST),
    (r"or (?:so|thereabouts)", Q.ABOUT),
    (r"or (?:fewer|less|under)|at (?:the )?most", Q.UP_TO),
    (r"이상", Q.AT_LEAST),
    (r"이하", Q.UP_TO),
    (r"미만", Q.LESS_THAN),
    (r"초과|(?:이|가|을|를)? ?넘", Q.MORE_THAN),
    (r"가량|정도|안팎|쯤|내외", Q.ABOUT),
    (r"(?:и|или) (?:более|больше)", Q.AT_LEAST),
    (r"(?:и|или) (?:менее|меньше)", Q.UP_TO),
)
SCOPES_BEFORE: tuple[tuple[str, S], ...] = (
    (r"an? (?:additional|further|extra)|additional|another|a further|further|extra", S.ADDITIONAL),
    (r"a (?:combined |grand )?total of|in total,?|totall?ing|altogether,?|in all,?|overall,?",
     S.IN_TOTAL),
    (r"추가로|추가", S.ADDITIONAL),
    (r"총|모두|전체|합계", S.IN_TOTAL),
    (r"ещ[её]|дополнительно|дополнительные|дополнительных", S.ADDITIONAL),
    (r"всего|в общей сложности|итого|в сумме", S.IN_TOTAL),
)  # fmt: skip
SCOPES_AFTER: tuple[tuple[str, S], ...] = (
    (r"in total|in all|altogether|overall", S.IN_TOTAL),
    (r"more(?! than)|extra|in addition", S.ADDITIONAL),
    (r"в общей сложности|в сумме", S.IN_TOTAL),
    (r"дополнительно", S.ADDITIONAL),
)

CURRENCY_SIGNS = {
    "US$": "USD", "A$": "AUD", "C$": "CAD", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD", "R$": "BRL",
    "$": "USD", "£": "GBP", "€": "EUR", "₩": "KRW", "₽": "RUB", "¥": "JPY", "₴": "UAH", "₹": "INR",
    "₺": "TRY", "₪": "ILS",
}  # fmt: skip
CURRENCY_CODES = _listed("USD GBP EUR KRW RUB JPY CNY UAH CHF AUD CAD INR TRY ILS PLN SEK NOK DKK")
UNITS: tuple[tuple[str, str], ...] = (
    (r"%p|퍼센트포인트|percentage points?|процентн\w+ пункт\w*|п\. ?п\.", "pp"),
    (r"%|per ?cent|퍼센트|процент\w*|проц\.", "%"),
    (r"(?:US |U\.S\. )?dollars?|달러|доллар\w*(?: США)?", "USD"),
    (r"pounds? sterling|pounds?|파운드|фунт\w* стерлингов", "GBP"),
    (r"euros?|유로|евро", "EUR"),
    (r"(?:South Korean )?won|원(?!자)", "KRW"),
    (r"r(?:o)?ubles?|루블|руб(?:л\w+|\.)?", "RUB"),
    (r"yen|엔|иен\w*", "JPY"),
    (r"yuan|renminbi|위안|юан\w*", "CNY"),
    (r"hryvnias?|гривен|гривн\w*", "UAH"),
    (r"(?:square kilomet(?:re|er)s?|sq\.? ?km|km2|km²|кв\. ?км)", "km2"),
    (r"kilomet(?:re|er)s?|kms?|킬로미터|километр\w*|км", "km"),
    (r"centimet(?:re|er)s?|cm|см", "cm"),
    (r"millimet(?:re|er)s?|mm|мм", "mm"),
    (r"met(?:re|er)s?|미터|метр\w*", "m"),
    (r"miles?|мил[ьия]\w*", "mile"),
    (r"f(?:ee|oo)t|ft", "foot"),
    (r"hectares?|гектар\w*", "ha"),
    (r"acres?", "acre"),
    (r"kilogram(?:me)?s?|kgs?|킬로그램|килограмм\w*|кг", "kg"),
    (r"tonnes?|metric tons?|tons?|톤|тонн\w*", "tonne"),
    (r"lit(?:re|er)s?|литр\w*", "litre"),
    (r"barrels?|баррел\w*", "barrel"),
    (r"megawatts?|MW|МВт", "MW"),
    (r"TB|GB|MB|KB|ГБ|МБ", "byte"),
    (r"degrees?|°C?|градус\w*", "degree"),
    (r"seconds?|초|секунд\w*", "second"),
    (r"minutes?|mins?|분|минут\w*", "minute"),
    (r"hours?|hrs?|시간|час(?:а|ов|ы)?", "hour"),
    (r"days?|일(?=간| 동안|째)|дн(?:я|ей|и)|день|сут\w+", "day"),
    (r"weeks?|주(?=간| 동안|째)|недел\w+", "week"),
    (r"months?|개월|месяц\w*", "month"),
    (r"years?|년(?=간| 동안|째)|лет|год(?:а|ов|у)?", "year"),
    (r"people|persons?|명|사람|человек\w*|осіб|людей", "person"),
    (r"soldiers?|servicem[ae]n|солдат\w*|военнослужащ\w+|soldats|soldados|Soldaten", "soldier"),
    (r"військовослужбовц\w+", "soldier"),
    (r"troops?", "troop"),
)

MONTHS_EN = {
    name: number
    for number, name in enumerate(_listed("jan feb mar apr may jun jul aug sep oct nov dec"), 1)
}
MONTH_EN = (
    r"Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
)
MONTHS_RU = {
    stem: number
    for number, stem in enumerate(_listed("янв фев мар апр ма июн июл авг сен окт ноя дек"), 1)
}
MONTH_RU = (
    r"январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?|сентябр[ьяе]"
    r"|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе]"
)

IRREGULAR_PLURALS = frozenset(
    _listed("people men women children troops police aircraft cattle sheep feet")
)
NOT_COUNTED = frozenset(
    _listed(
        "of in on at and or but to for from by with as per that who which when where while than "
        "is are was were be been has have had will would could may might should can did do does "
        "said says since until after before during under over about because its his her their "
        "this last next also not "
        "и или в на с по из за от до для что как о об не при во со к у был была были"
    )
)
ADJECTIVE_ENDINGS_RU = ("ых", "их", "ый", "ий", "ой", "ые", "ие", "ого", "его")
