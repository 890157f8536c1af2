"""What walls and missing pages say, in the languages of the web: one sign among others.

Each pattern is read against titles and short lines only, so that an article about such pages, which
has long ones, says little. What no pattern knows is told by the signs that need no words.
"""

import re
from collections.abc import Iterator

LINE_CHARS = 160
LINES = 12

_GAP = r".{0,40}"
_NOT_THERE = re.compile(
    r"\b(?:error|fehler|erreur|errore|erro|ошибка|помилка|błąd|hata|エラー|错误|오류)?\W{0,3}(?:404|410)\b"
    r"|\bnot found\b|\bno longer (?:available|exists?)\b|\bnothing (?:was )?found\b"
    rf"|\b(?:page|article|story|content|link)\b{_GAP}\b(?:(?:does not|doesn['’]t) exist|"
    r"(?:was|were|has been|have been) (?:removed|deleted|taken down)|(?:is )?gone|unavailable|"
    r"(?:cannot|can['’]t|could not|couldn['’]t) be (?:found|displayed))"
    rf"|\b(?:could not|couldn['’]t|can['’]t|cannot|unable to) find\b{_GAP}\b(?:page|article|story)"
    rf"|\b(?:seite|artikel|inhalt|beitrag)\b{_GAP}\b(?:nicht (?:gefunden|verfügbar|mehr)|existiert"
    r" (?:leider )?nicht|gelöscht|entfernt)"
    rf"|\b(?:page|article|contenu)\b{_GAP}(?:introuvable|n['’]existe (?:pas|plus)|n['’]est plus"
    r"|(?:non|pas (?:été )?) ?trouvée?|supprimée?)"
    rf"|\b(?:página|pagina|artículo|noticia|contenido)\b{_GAP}\bno (?:encontrad[ao]|existe|está|se"
    r" (?:encuentra|ha))"
    rf"|\bno (?:hemos|se ha) (?:podido )?encontrad?[or]\b{_GAP}\bpágina"
    rf"|\b(?:pagina|articolo|contenuto)\b{_GAP}\b(?:non (?:trovat[ao]|esiste|disponibile|è)|rimoss)"
    rf"|\b(?:página|artigo|notícia|conteúdo)\b{_GAP}\b(?:não (?:encontrad|exist|está|foi)|removid)"
    rf"|\b(?:pagina|artikel|bericht)\b{_GAP}\b(?:niet (?:gevonden|beschikbaar|meer)|bestaat niet"
    r"|verwijderd)"
    rf"|\b(?:strona|strony|artykuł\w*)\b{_GAP}\b(?:nie (?:istnieje|został\w*|znalezion\w*)|usunięt)"
    rf"|\b(?:страниц|стать|материал|новост|сторінк|статт|матеріал|новин)\w*\b{_GAP}\b(?:не"
    r" (?:найден|существ|знайден|існу)|удал|видален)"
    rf"|\b(?:sidan|siden|artikeln|artiklen|artikkelen)\b{_GAP}\b(?:hittades inte|finns inte|ikke"
    r" (?:fundet|funnet)|findes ikke|finnes ikke|eksisterer ikke)"
    rf"|\b(?:sayfa|haber|içerik)\w*\b{_GAP}\b(?:bulunamad|mevcut değil|kaldırıl)"
    rf"|(?:الصفحة|المقال|المحتوى){_GAP}(?:غير موجود|لم يتم العثور|غير متاح|محذوف)"
    rf"|(?:페이지|기사|게시물){_GAP}(?:찾을 수 없|존재하지 않|삭제)"
    rf"|(?:ページ|記事){_GAP}(?:見つかりません|存在しません|削除)"
    rf"|(?:页面|頁面|文章|网页|網頁|新闻|新聞){_GAP}(?:不存在|未找到|找不到|无法找到|已(?:被)?(?:删除|刪除))",
    re.IGNORECASE,
)
_PROVE_PERSON = re.compile(
    r"\bjust a moment\b|\bchecking (?:if )?(?:your|the) (?:browser|connection|site)"
    rf"|\b(?:verify|confirm|prove|check)\w*\b{_GAP}\b(?:human|not a (?:robot|bot))\b"
    r"|\bare you (?:a )?(?:human|robot)\b|\bunusual (?:traffic|activity)\b|\bsecurity check\b"
    r"|\benable (?:javascript|js)\b|\baccess (?:denied|to this page has been denied)\b"
    r"|\bddos\b|\bpardon our interruption\b|\battention required\b"
    rf"|\bprüf\w*{_GAP}browser|\b(?:mensch|roboter)\b{_GAP}\bsind\b|\bkein roboter\b"
    rf"|\bvérifi\w*{_GAP}(?:humain|navigateur|robot)|\bpas un robot\b|\bun instant\b"
    rf"|\b(?:verif|comprob)\w*{_GAP}(?:human[oa]|navegador|robot)|\bno (?:eres|soy) un robot\b"
    rf"|\bverific\w*{_GAP}(?:uman[oa]|browser|navegador|robô)|\bnon (?:sei|sono) un robot\b"
    rf"|\bprowerz\w*{_GAP}przegląd|\bprovjer\w*|\bcontroleren\b{_GAP}\bbrowser"
    rf"|\bпровер\w*{_GAP}(?:браузер|соединени|человек)|\bне робот|\bперевір\w*{_GAP}браузер"
    r"|사람인지|로봇이 아|ロボットではない|ロボットではありません|人間であること|ブラウザを確認"
    r"|人机(?:身份)?验证|安全验证|真人|机器人|人機驗證|正在(?:检查|检测)|التحقق من أنك"
    r"|\brobot olmadığınız",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"\b(?:sign|log)[ -]?in\b|\bcreate (?:a (?:free )?|an )?account\b|\bregister (?:now|to|for)\b"
    r"|\b(?:anmeld|einlogg|registrier)\w*|\b(?:se |me )?connecter\b|\bconnexion\b|\bs['’]identifier"
    r"|\binici\w+ ses[ií]?[oó]n\b|\bidentif[ií]cate\b|\baccedi\b|\bregistrati\b|\bfazer login\b"
    r"|\binloggen\b|\bzalogu\w*|\blogga in\b|\blogg inn\b|\blog ind\b|\bgiriş yap|\bвойти\b"
    r"|\bвход\b|\bавториз\w*|\bувійти\b|\bвхід\b|로그인|ログイン|登录|登入|تسجيل الدخول",
    re.IGNORECASE,
)
_AGREE = re.compile(
    r"\bcookies?\b|\bconsent\w*|\bprivacy\b|\bpersonal data\b|\bdatenschutz\w*|\beinwilligung\w*"
    r"|\bzustimm\w*|\bconsentement\w*|\bdonnées personnelles\b|\btraceurs?\b|\bconsentimiento\b"
    r"|\bprivacidad\b|\bdatos personales\b|\bconsenso\b|\bdati personali\b|\bconsentimento\b"
    r"|\bprivacidade\b|\btoestemming\b|\bzgod[aęy]\b|\bprywatnoś\w*|\bсогласи\w*|\bзгод[аиу]\b"
    r"|\bсаміз\w*|\bsamtyck\w*|\bsamtykke\w*|\bçerez\w*|\brıza\w*|쿠키|동의|クッキー|同意|隐私"
    r"|ملفات تعريف الارتباط|الموافقة",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"\bsubscri\w+|\bcontinue reading\b|\bkeep reading\b|\bread the (?:full|rest)\b|\babonn\w+"
    r"|\bweiterlesen\b|\blire la suite\b|\bsuscr[ií]\w+|\bseguir leyendo\b|\babbonat\w*"
    r"|\bassin(?:e|ante|atura)\w*|\bprenumer\w+|\bподпис\w+|\bпередплат\w+|\babone\b|구독|購読"
    r"|会員|订阅|訂閱|اشترك",
    re.IGNORECASE,
)
_CHARS = 20_000
_PER_WORDS = 25


def says_not_there(line: str) -> bool:
    """Say whether a title or short line says that a page is not there."""
    return _NOT_THERE.search(line[:LINE_CHARS]) is not None


def asks_for_person(line: str) -> bool:
    """Say whether a title or short line wants the reader proved to be no program."""
    return _PROVE_PERSON.search(line[:LINE_CHARS]) is not None


def asks_to_sign_in(line: str) -> bool:
    """Say whether a title or short line is about signing in."""
    return _SIGN_IN.search(line[:LINE_CHARS]) is not None


def is_about_consent(text: str, *, words: int) -> bool:
    """Say whether a text speaks of little but cookies and consent: one word in 25 is of it."""
    mentions = sum(1 for _ in _AGREE.finditer(text[:_CHARS]))
    return mentions >= max(2, words / _PER_WORDS)


def asks_to_pay(text: str) -> bool:
    """Say whether a text asks for a subscription."""
    return _PAY.search(text[:_CHARS]) is not None


def short_lines(text: str) -> Iterator[str]:
    """Yield the first lines of a text that are as short as a heading or one sentence."""
    for line in text[:_CHARS].split("\n", LINES)[:LINES]:
        if len(line) <= LINE_CHARS:
            yield line
