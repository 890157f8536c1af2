"""How publishers word their corrections, retractions and updates, as patterns.

English in full, the set phrases of German, French, Spanish, Russian, Ukrainian, Korean and Chinese,
the labels of some more. Labels open a line ("Correction:"); sentences have the page itself as their
subject.
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
_WRONGLY = r"(?:wrongly|mistakenly|incorrectly|erroneously)"
_TEXT_DE = r"(?:artikel|beitrag|text|bericht)"
_TEXT_ES = r"(?:artículo|noticia|nota|información|texto|reportaje)"
_TEXT_UK = r"(?:статт[яюі]|матеріал|новин[ау]|публікаці[яю])"
_TEXT_ZH = r"(?:本文|本报道|本報道|本報導|该文|該文|此文)"
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
        "retract,withdrawn,withdrawal,removed,rücknahme,rétractation,опровержение,отозвано"
        ",спростування,відкликано,철회,撤稿,撤回",
        rf"{_NOTE}(?:retraction(?: notice)?|retracted|withdrawn|withdrawal notice)\b",
        r"\W*(?:article|story|report|post) (?:retracted|withdrawn|removed)\b",
        r"\W*(?:rücknahme|rétractation|retractación|опровержение|отозвано|спростування|відкликано"
        r"|철회)\b",
        r"\W*(?:本刊)?(?:撤稿|撤回)(?:声明|聲明|通知)?",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "correct,clarif,errat,corrigend,korrektur,korrigiert,berichtigung,richtigstellung"
        ",rectifi,corrigé,correcci,aclaración,fe de err,исправлен,уточнение,поправка,виправлен"
        ",уточнення,정정,바로잡,更正,勘误,勘誤,订正,訂正,correzione,errata,correção,rettifica"
        ",sprostowanie,correctie,düzeltme,تصحيح",
        rf"{_NOTE}(?:corrections?(?: (?:and|&) clarifications?)?|corrected|clarifications?"
        r"|clarified|errat(?:um|a)|corrigend(?:um|a))\b",
        r"\W*(?:korrektur(?:hinweis)?|korrigiert|berichtigung|richtigstellung|rectificatif"
        r"|rectification|corrigé|corrección|rectificación|fe de err(?:atas|ores)|aclaración"
        r"|исправление|исправлено|уточнение|поправка|виправлення|виправлено|уточнення"
        r"|정정(?:\s?보도)?(?:문)?|바로잡(?:습니다|음)|errata corrige|correzione|rettifica|correção"
        r"|sprostowanie|correctie|rectificatie|düzeltme|تصحيح)\b",
        r"\W*(?:更正(?:启事|啟事|说明|說明|声明|聲明)?|勘[误誤]|(?:お詫びと)?[订訂]正)",
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

SEPARATOR = re.compile(
    r"(?:\W|\b(?:on|at|added|issued|posted|updated|am|vom|um|le|du|à|el|del|от|від|о|в)\b)*?[:.|\])–—：-]\W*",
    re.IGNORECASE,
)

SENTENCES: Sequence[Phrase] = (
    _phrase(
        NoticeKind.RETRACTION,
        "retract,withdr,rescinded,removed,deleted,unpublished,taken down",
        rf"{_THIS} {_WAS} (?:retracted|withdrawn|rescinded)\b",
        r"\b(?:this|our) (?:[\w'’-]+ ){0,2}?"
        rf"(?:article|story|report|piece|page|column|publication|guidance) {_WAS} "
        r"(?:removed|deleted|unpublished|taken down)\b",
        r"\b(?:we|editors?|publishers?|authors?)\b.{0,40}"
        rf"\b(?:retract(?:s|ed|ing)?|withdr[ae]w(?:n|ing)?|removed|taken down) {_THIS}",
        rf"\b(?:has|have) (?:retracted|withdrawn|removed) this {_STORY}",
    ),
    _phrase(
        NoticeKind.RETRACTION,
        "zurückgezogen,retiré,rétracté,retirado,retractado,отозван,снят,удал,видален,знят"
        ",відкликан,철회,삭제,취소,撤回,撤稿",
        rf"\bdiese[rn] {_TEXT_DE}\b.{{0,30}}\bzurückgezogen\b",
        r"\bcet (?:article|texte)\b.{0,20}\b(?:retiré|rétracté)\b",
        r"\b(?:retiré|rétracté) cet (?:article|texte)\b",
        rf"\best[ea] {_TEXT_ES}\b.{{0,20}}\b(?:retirad[oa]|retractad[oa])\b",
        rf"\b{_TEXT_UK}\b.{{0,20}}\b(?:видален|знят|відкликан)",
        rf"{_TEXT_ZH}.{{0,6}}(?:撤回|撤稿)",
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
        rf"^{_NOTE}the {_STORY} has (?:now |since )?been (?:corrected|amended)\b",
        r"^\W*(?:corrected|amended)\b.{0,40}\bto (?:correct|fix|show|say|reflect|make|give|note"
        r"|remove|clarify)\b",
        rf"\bwe (?:had )?(?:{_WRONGLY}|originally|initially) (?:said|wrote|reported|stated)\b",
        r"^\W*\((?:corrects|refiles? to (?:correct|fix|clarify))\b",
        r"^\W*corrects\b .{0,60}\b(?:paragraph|para|headline|name|spelling|title|figure|date|to)\b",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "version,edition,headline,caption,draft",
        rf"{_EARLIER}.{{0,120}}(?:{_FAULT}|{_SAID}|\bshould have\b|\bwrong\b)",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "regret,apolog",
        rf"\b(?:regrets?|apologi[sz]es? for) {_SORRY}",
    ),
    _phrase(
        NoticeKind.CORRECTION,
        "version,fassung,korrigiert,corrig,correg,versión,версии,редакции,версії,редакції,допущен"
        ",정정,바로잡,版,更正",
        r"\b(?:früheren|vorherigen|ursprünglichen|ersten) (?:version|fassung)\b.{0,80}"
        r"\b(?:hatten|haben|hieß|stand|wurde|war|hat)\b",
        rf"\bdiese[rn] {_TEXT_DE}\b.{{0,30}}\bkorrigiert\b",
        r"\b(?:version (?:précédente|antérieure|initiale)|première version) de (?:cet|ce)\b",
        r"\bcet article a été corrigé\b",
        r"\bversión (?:anterior|previa|original) de est[ea]\b",
        rf"\best[ea] {_TEXT_ES} (?:ha sido|fue) corregid[oa]\b",
        r"\b(?:предыдущей|ранней|первоначальной|прежней) (?:версии|редакции)\b",
        r"\bдопущен(?:а|ную) (?:ошибк[ау]|неточность)\b",
        r"\b(?:попередній|первісній|початковій|ранній) (?:версії|редакції)\b",
        r"(?:정정|바로잡)(?:습니다|합니다|았습니다|했습니다|하였습니다)",
        r"기사(?:는|에서|의|를)?.{0,30}(?:바로잡아|정정하여|정정해)",
        rf"{_TEXT_ZH}.{{0,6}}(?:版本?|稿).{{0,20}}[错錯误誤]",
        r"(?:现已|現已|特此|已作|予以)更正",
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
        "aktualisiert,ergänzt,mis à jour,actualisé,complété,actualizad,ampliad,обновл,дополн"
        ",оновлен,доповнен,업데이트,갱신,보강,수정,更新",
        rf"\bdiese[rn] {_TEXT_DE}\b.{{0,30}}\b(?:aktualisiert|ergänzt)\b",
        r"\bcet article a été (?:mis à jour|actualisé|complété)\b",
        rf"\best[ea] {_TEXT_ES} (?:ha sido|fue|se ha) (?:actualizad[oa]|ampliad[oa])\b",
        r"\b(?:статья|материал|новость|публикация) (?:был[аи]? )?(?:обновл|дополн)",
        rf"\b{_TEXT_UK} (?:було )?(?:оновлен|доповнен)",
        rf"{_TEXT_ZH}(?:现|現)?已更新",
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
