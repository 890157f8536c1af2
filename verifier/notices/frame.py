"""Lines that a page writes about itself by the hour: its age, and the counts of its readers.

They say nothing of the matter and differ at every look.
"""

import re

_AGE = (
    r"(?:\d+|an?|one|a few) ?(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|weeks?"
    r"|months?|years?) ago|just now|vor \d+ \w+|il y a \d+ \w+|hace \d+ \w+|\d+ \w+ (?:назад|тому)"
    r"|\d+ ?(?:초|분|시간|일|주|개월|년) ?전|\d+ ?(?:秒|分钟|分鐘|小时|小時|天|周|个月|個月|年)前"
)
_COUNTED = (
    r"(?:comments?|shares?|views?|likes?|reactions?|repl(?:y|ies)|reads?|votes?|retweets?|reposts?"
    r"|followers?|subscribers?|readers?|people (?:reading|watching|viewing)"
    r"|kommentare?|commentaires?|partages?|comentarios?|просмотр\w*|комментари\w*|перегляд\w*"
    r"|коментар\w*)"
)
_COUNT = r"\d[\d.,  ]*[kKmM]?\+?"
_DATED = (
    r"(?:(?:last )?(?:updated|published|posted|modified|edited|aktualisiert|veröffentlicht|publié"
    r"|actualizado|обновлено|опубликовано|оновлено)\W{0,3})?"
)
_COUNTER = re.compile(
    rf"\W*(?:(?:(?:share|see|show|view|read|all) )*{_COUNT} ?{_COUNTED}|{_COUNTED}\W{{0,3}}{_COUNT}"
    rf"|share {_COUNT}|{_DATED}(?:{_AGE})|\d+ ?-?min(?:ute)?s? read"
    r"|(?:댓글|조회수?|评论|評論|阅读)\W*\d[\d,]*)\W*",
    re.IGNORECASE,
)
_LONGEST = 60


def is_counter(line: str) -> bool:
    """Say whether a line tells only how old a page is or how many read, liked or answered it."""
    return len(line) <= _LONGEST and _COUNTER.fullmatch(line) is not None
