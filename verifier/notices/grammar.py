"""How publishers word their corrections, retractions and updates, as patterns.

English in full, the set phrases of German, French, Spanish, Russian and Korean. Labels open a line
("Correction:"); sentences have the page itself as their subject.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.states import NoticeKind

_PAGE = (
    r"(?:article|story|post|page|piece|report|item|column|review|analysis|entry|blog|interview"
    r"|obituary|graphic|chart|caption|headline|newsletter|transcript|video|document|statement"
    r"|guidance|guide|publication|release|notice|paper|study|text|feature|dispatch|version)"
)
_STORY = r"(?:article|story|post|piece|column|caption|headline|dispatch|blog|newsletter)"
_THIS = rf"\b(?:this|the above|our) (?:[\w'’-]+ ){{0,2}}?{_PAGE}\b"
_EARLIER = (
    r"\b(?:earlier|previous|original|initial|prior|older|first) (?:[\w'’-]+ )?"
    r"(?:version|edition|headline|caption|draft)s?\b"
    rf"(?! of (?!(?:this|our) (?:[\w'’-]+ ){{0,2}}?{_PAGE}|(?:the|that) (?:[\w'’-]+ )?{_STORY}))"
)
_FAULT = (
    r"\b(?:misstat|misidentif|mis-?spel|mischaracter|misattribut|misquot|misreport|mislabel|misnam"
    r"|incorrect|erroneous|inaccura|wrongly|mistaken|(?:in|an) error\b|errors\b)"
)
_SAID = (
    r"(?<!was )(?<!were )(?<!been )"
    r"\b(?:said|stated|reported|listed|gave|included|referred|described|identified|called)\b"
)
_WAS = r"(?:has (?:since )?been|have been|was|were)(?: \w+ly\b| since\b| later\b)?"
_REVISED = r"(?:updated|revised|edited|changed|expanded|modified)\b"
_PUT_RIGHT = r"\b(?:correct(?:s|ed|ions?|ing)?|clarif(?:y|ies|ied|ications?))\b"
_SORRY = r"(?:the|this|any|our) (?:\w+ )?(?:error|mistake|inaccurac|confusion)"
_NOTE = r"\W*(?:(?:an? )?(?:editor|author|publisher)(?:['’]?s|s['’])? notes?\W+)?"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say it: `pattern` can match only a line that holds one of `stems`, lower case."""

    kind: NoticeKind
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


def _phrase(kind: NoticeKind, stems: str, *patterns: str) -> Phrase:
    return Phrase(kind, tuple(stems.split(",")), re.compile("|".join(patterns), re.IGNORECASE))


LABELS: Sequence[Phrase] = (
    _phrase(
        NoticeKind.RETRACTION,
        "retract,withdrawn,rücknahme,rétractation,опровержение,отозвано,철회",
        rf"{_NOTE}(?:retraction|retracted|withdrawn)\b",
        r"\W*(?:rücknahme|rétractation|retractación|опровержение|отозвано|철회)\b",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "correct,clarification,errat,corrigend,korrektur,korrigiert,berichtigung,richtigstellung"
        ",rectifi,corrigé,correcci,aclaración,исправлен,уточнение,поправка,정정,바로잡",
        rf"{_NOTE}(?:corrections?(?: (?:and|&) clarifications?)?|corrected|clarifications?"
        r"|errat(?:um|a)|corrigend(?:um|a))\b",
        r"\W*(?:korrektur|korrigiert|berichtigung|richtigstellung|rectificatif|rectification|corrigé"
        r"|corrección|rectificación|fe de erratas|aclaración|исправление|исправлено|уточнение"
        r"|поправка|정정(?:\s?보도)?(?:문)?|바로잡(?:습니다|음))\b",
    ),
    _phrase(
        NoticeKind.UPDATE,
        "update,aktualisier,mise à jour,actualiza,обновлен,дополнено,업데이트,수정",
        rf"{_NOTE}updated?\b",
        r"\W*(?:aktualisierung|aktualisiert|mise à jour|actualización|actualizado|обновление"
        r"|обновлено|дополнено|업데이트|수정)\b",
    ),
)
"""What stands at the head of a line; dates and `SEPARATOR` follow."""

SEPARATOR = re.compile(r"\W*?[:.|\])–—-]\W*")

SENTENCES: Sequence[Phrase] = (
    _phrase(
        NoticeKind.RETRACTION,
        "retract,withdr,rescinded,removed,deleted,unpublished,taken down",
        rf"{_THIS} {_WAS} (?:retracted|withdrawn|rescinded)\b",
        r"\b(?:this|our) (?:[\w'’-]+ ){0,2}?"
        rf"(?:article|story|report|piece|page|column|publication|guidance) {_WAS} "
        r"(?:removed|deleted|unpublished|taken down)\b",
        r"\b(?:we|editors?|publishers?|authors?)\b.{0,40}"
        rf"\b(?:retract(?:s|ed|ing)?|withdr[ae]w(?:n|ing)?|removed) {_THIS}",
    ),
    _phrase(
        NoticeKind.RETRACTION,
        "zurückgezogen,retiré,rétracté,retirado,retractado,отозван,снят,удал,철회,삭제,취소",
        r"\bdieser (?:artikel|beitrag|text)\b.{0,30}\bzurückgezogen\b",
        r"\bcet (?:article|texte)\b.{0,20}\b(?:retiré|rétracté)\b",
        r"\beste (?:artículo|texto)\b.{0,20}\b(?:retirado|retractado)\b",
        r"\b(?:статья|материал|новость|публикация)\b.{0,20}\b(?:отозван|снят|удал[её]н)",
        r"기사(?:를|는)?.{0,15}(?:철회|삭제|취소)(?:합니다|했습니다|됐습니다|되었습니다|하였습니다)",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "correct,clarif,amended,fixed,misstat,misidentif,mis-spel,misspel,mischaracter,misattribut"
        ",misquot,misreport,mislabel,misnam,erroneous,inaccura,wrongly,mistaken,error,previously"
        ",originally,initially,earlier,this first,story first,article first",
        rf"{_THIS} (?:{_WAS} (?:corrected|amended|clarified|fixed)|corrects)\b",
        rf"{_THIS} {_WAS} {_REVISED}.{{0,80}}{_PUT_RIGHT}",
        rf"{_THIS} (?:had )?(?:previously|originally|initially|earlier|first) {_SAID}",
        rf"{_THIS}.{{0,60}}{_FAULT}",
        rf"^{_NOTE}(?:correction|clarification) to (?!be\b)",
        r"^\W*corrects\b .{0,60}\b(?:paragraph|para|headline|name|spelling|title|figure|date|to)\b",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "version,edition,headline,caption,draft",
        rf"{_EARLIER}.{{0,120}}(?:{_FAULT}|{_SAID}|\bshould have\b)",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "regret,apolog",
        rf"\b(?:regrets?|apologi[sz]es? for) {_SORRY}",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "version,fassung,korrigiert,corrig,correg,версии,редакции,допущена,정정,바로잡",
        r"\b(?:früheren|vorherigen|ursprünglichen|ersten) (?:version|fassung)\b.{0,80}"
        r"\b(?:hatten|haben|hieß|stand|wurde|war|hat)\b",
        r"\bdieser (?:artikel|beitrag|text)\b.{0,30}\bkorrigiert\b",
        r"\bversion (?:précédente|antérieure|initiale) de (?:cet|ce)\b",
        r"\bcet article a été corrigé\b",
        r"\bversión (?:anterior|previa|original) de est[ea]\b",
        r"\beste artículo (?:ha sido|fue) corregido\b",
        r"\b(?:предыдущей|ранней|первоначальной|прежней) (?:версии|редакции)\b",
        r"\bдопущена (?:ошибка|неточность)\b",
        r"(?:정정|바로잡)(?:습니다|합니다|았습니다|했습니다|하였습니다)",
    ),
    _phrase(
        NoticeKind.UPDATE,
        "updated,revised,edited,changed,expanded,modified,(adds,(updates,(recasts",
        rf"{_THIS}(?: .{{0,80}}\band)? {_WAS} {_REVISED}",
        r"^\W*updated\b.{0,40}\b(?:with|to (?:include|add|reflect|show)|throughout)\b",
        r"^\W*\((?:adds|updates|recasts)\b",
    ),
    _phrase(
        NoticeKind.UPDATE,
        "aktualisiert,ergänzt,mis à jour,actualisé,complété,actualizado,ampliado,обновл,дополн"
        ",업데이트,갱신,보강,수정",
        r"\bdieser (?:artikel|beitrag|text)\b.{0,30}\b(?:aktualisiert|ergänzt)\b",
        r"\bcet article a été (?:mis à jour|actualisé|complété)\b",
        r"\beste artículo (?:ha sido|fue|se ha) (?:actualizado|ampliado)\b",
        r"\b(?:статья|материал|новость|публикация) (?:был[аи]? )?(?:обновл|дополн)",
        r"기사(?:는|가|를)?.{0,15}(?:업데이트|갱신|보강|수정)(?:됐습니다|되었습니다|했습니다|하였습니다)",
    ),
)
"""Sentences in which a page speaks of itself, wherever in the line."""

CHANGE_NOTES: Mapping[NoticeKind, re.Pattern[str]] = {
    NoticeKind.RETRACTION: re.compile(
        r"\b(?:removed|deleted|taken down)\b.*\b(?:withdrawn|retracted)\b"
        r"|^\W*(?:withdrawn|retracted)\b",
        re.IGNORECASE,
    ),
    NoticeKind.CORRECTION: re.compile(
        r"\bcorrect(?:ed|ions?|s)\b|\berrors?\b|\btyp(?:o|os|ographical)\b|\bmistakes?\b"
        r"|\berrat(?:um|a)\b|\bkorr(?:ektur|igiert)|\bcorrigé|\bcorregid|\bисправлен|정정|바로잡",
        re.IGNORECASE,
    ),
}
"""What was done, in a dated list of changes, where the page need not be named."""

INVITES = re.compile(
    r"\bif you (?:are aware|would like|come across|(?:have )?(?:spot|see|find|notice|think))"
    r"|\b(?:report|submit|request|suggest) (?:an? |any )?(?:\w+ )?"
    r"(?:error|correction|inaccurac|typo)"
    r"|\b(?:see|read|visit) our\b|\b(?:corrections?|editorial|standards) (?:page|policy|desk)\b"
    r"|\b(?:please|let us know|tell us|contact us|email us)\b.{0,60}"
    r"\b(?:error|correction|inaccurac|mistake)"
    r"|\b(?:committed to|strives? to|corrects? (?:all|any|significant|errors))\b",
    re.IGNORECASE,
)
"""Sentences about corrections in general."""
