"""What stands in place of a page, each with what is told of it."""

from dataclasses import dataclass

from claims.states import Outcome
from tests.verifier.wall_pages import (
    CAPTCHA,
    CHALLENGE,
    CONSENT,
    HOMEPAGE,
    KOREAN,
    KOREAN_QUOTE,
    NOINDEX,
    PART_LOCKED,
    QUOTE,
    RELOAD,
    SIGN_IN_FORM,
    STORY,
    URL,
    locked,
    shell,
    story,
)

BLOCKED, SOFT_GONE, EMPTY = Outcome.BLOCKED, Outcome.SOFT_GONE, Outcome.EMPTY
FRONT = "https://paper.example/"
BEFORE = story()
KOREAN_STORY = story(KOREAN, title="항만 다리 통제, 화물선 교각 충돌", language="ko")


@dataclass(frozen=True)
class Case:
    """One answer: what the page was, what came back, where it came from, what is quoted."""

    after: str
    before: str | None = BEFORE
    ended: str = URL
    quote: str = QUOTE
    is_told_elsewhere: bool = False


CHECKING = shell(
    "Just a moment...", "Checking your browser before you go on.", head=NOINDEX + CHALLENGE
)
PROVE = shell("paper.example", "Verify that you are human by completing the action below.",
              head=NOINDEX, form=CAPTCHA)  # fmt: skip
SIGN_IN = shell("Sign in", "Sign in to go on reading.", "Forgot your password?", form=SIGN_IN_FORM)
COOKIES = shell(
    "Your privacy",
    "We and our 214 partners store cookies on your device and process personal data with your "
    "consent, to measure who reads what and to show you advertisements that fit.",
    "You may refuse or withdraw your consent at any time under cookie settings.",
    form='<form action="/save"><button>Accept all</button><button>Settings</button></form>',
    head=CONSENT,
)
MISSING = shell("Page not found", "We could not find the page you were looking for.", head=NOINDEX)

WALLS = {
    "bot wall in English": (Case(CHECKING), BLOCKED),
    "bot wall at the first look": (Case(CHECKING, before=None), BLOCKED),
    "captcha in a frame": (Case(PROVE), BLOCKED),
    "captcha in a frame at the first look": (Case(PROVE, before=None), BLOCKED),
    "bot wall in German": (
        Case(shell("Einen Augenblick", "Wir prüfen Ihren Browser.", head=CHALLENGE + RELOAD)),
        BLOCKED,
    ),
    "bot wall in Russian": (
        Case(shell("Проверка", "Подтвердите, что вы не робот.", form=CAPTCHA, language="ru")),
        BLOCKED,
    ),
    "bot wall before a Korean page": (
        Case(
            shell("잠시만요", "사람인지 확인하고 있습니다.", head=CHALLENGE, language="ko"),
            before=KOREAN_STORY,
            quote=KOREAN_QUOTE,
        ),
        BLOCKED,
    ),
    "bot wall in a language without words for it": (
        Case(shell("Odota hetki", "Tarkistamme yhteyttä.", head=NOINDEX + CHALLENGE)),
        BLOCKED,
    ),
    "bot wall of scripts alone": (Case(f"<html><head>{CHALLENGE}{RELOAD}</head></html>"), BLOCKED),
    "bot wall without a known service": (
        Case(shell("One step", "Please enable JavaScript to proceed.", head=NOINDEX + RELOAD)),
        BLOCKED,
    ),
    "bot wall where nothing is quoted": (Case(CHECKING, quote=""), BLOCKED),
    "login in English": (Case(SIGN_IN), BLOCKED),
    "login at the first look": (Case(SIGN_IN, before=None), BLOCKED),
    "login in Spanish": (
        Case(shell("Iniciar sesión", "Correo", "Contraseña", form=SIGN_IN_FORM)),
        BLOCKED,
    ),
    "login in a language without words for it": (
        Case(shell("Innskráning", "Netfang", "Lykilorð", form=SIGN_IN_FORM)),
        BLOCKED,
    ),
    "login that carries the way back": (
        Case(
            shell("Willkommen", "Bitte melden Sie sich mit Ihrem Konto der Zeitung an, um "
                  "diesen und alle anderen Beiträge zu lesen.", form=SIGN_IN_FORM),
            ended="https://id.paper.example/start?back=%2Fworld%2F2026%2F11%2F"
            "harbour-bridge-closed-after-ship-strikes-pillar",
        ),
        BLOCKED,
    ),
    "gate in a language without words for it": (
        Case(
            shell("Tervetuloa", "Valitse, miten haluat jatkaa."),
            ended=f"https://portti.example/?paluu={URL}",
        ),
        BLOCKED,
    ),
    "consent in English": (Case(COOKIES), BLOCKED),
    "consent at the first look": (Case(COOKIES, before=None), BLOCKED),
    "consent in German": (
        Case(
            shell(
                "Ihre Entscheidung",
                "Mit Ihrer Einwilligung setzen wir und unsere Partner Cookies. Sie können der "
                "Nutzung zustimmen oder ein Abonnement ohne Cookies wählen; alles Weitere steht "
                "in der Erklärung zum Datenschutz.",
                head=NOINDEX,
            )
        ),
        BLOCKED,
    ),
    "consent in French at another address": (
        Case(
            shell(
                "Avant de continuer",
                "Nous utilisons des cookies et des traceurs avec votre consentement pour mesurer "
                "l'audience de nos pages et afficher des annonces.",
            ),
            before=None,
            ended=f"https://accord.example/collect?continue={URL}",
        ),
        BLOCKED,
    ),
    "teaser by its markup": (Case(locked((*STORY[:1], "Subscribe to read on."))), BLOCKED),
    "teaser by the markup of a part": (
        Case(locked((*STORY[:1], "Subscribe to read on."), **PART_LOCKED)),
        BLOCKED,
    ),
    "teaser at the first look": (Case(locked(STORY[:1]), before=None), BLOCKED),
    "teaser of which a third is shown": (Case(locked(STORY[2:4])), BLOCKED),
    "teaser without markup, broken off": (
        Case(story((STORY[0], STORY[3][:60] + "…", "Subscribe now to keep reading."))),
        BLOCKED,
    ),
    "missing page in English": (Case(MISSING), SOFT_GONE),
    "missing page at the first look": (Case(MISSING, before=None), SOFT_GONE),
    "missing page where nothing is quoted": (Case(MISSING, quote=""), SOFT_GONE),
    "missing page in German": (
        Case(shell("Seite nicht gefunden - Die Zeitung", "Der Artikel wurde gelöscht.")),
        SOFT_GONE,
    ),
    "missing page in French": (
        Case(shell("Page introuvable", "La page demandée n'existe plus sur notre site.")),
        SOFT_GONE,
    ),
    "missing page in Ukrainian": (
        Case(shell("Помилка 404", "Такої сторінки не знайдено.", language="uk")),
        SOFT_GONE,
    ),
    "missing page in Korean": (
        Case(
            shell("알림", "요청하신 페이지를 찾을 수 없습니다.", language="ko"),
            before=KOREAN_STORY,
            quote=KOREAN_QUOTE,
        ),
        SOFT_GONE,
    ),
    "missing page in Chinese": (
        Case(shell("出错了", "您访问的页面不存在或已被删除。", language="zh")),
        SOFT_GONE,
    ),
    "missing page with the site's name for a headline": (
        Case(
            "<html><head><title>404 Not Found | The Paper</title>"
            '<meta property="og:title" content="The Paper"></head>'
            "<body><p>Sorry about that. Try the search.</p></body></html>"
        ),
        SOFT_GONE,
    ),
    "missing page in a language without words for it": (
        Case(shell("Úps", "Hér er ekkert að sjá lengur.", head=NOINDEX, language="is")),
        SOFT_GONE,
    ),
    "missing page with a login in its frame": (
        Case(shell("Page not found", "There is nothing here.", form=SIGN_IN_FORM)),
        SOFT_GONE,
    ),
    "front page instead of the story": (
        Case(story(HOMEPAGE, title="The Paper", dated=False), ended=FRONT),
        SOFT_GONE,
    ),
    "front page at the first look": (
        Case(story(HOMEPAGE, title="The Paper", dated=False), before=None, ended=FRONT + "en/"),
        SOFT_GONE,
    ),
    "section instead of the story": (
        Case(
            story(HOMEPAGE, title="World", dated=False), ended="https://paper.example/world/"
        ),
        SOFT_GONE,
    ),
    "front page of another owner": (
        Case(
            shell("paper.example", "This domain may be for sale by its owner."),
            ended="https://parking.example/",
        ),
        SOFT_GONE,
    ),
    "error page by its address": (
        Case(
            shell("Hoppsan", "Här fanns ingenting just nu, men titta gärna runt."),
            ended="https://paper.example/errors/404.html",
        ),
        SOFT_GONE,
    ),
    "the text of all addresses of a host": (
        Case(
            shell("The Paper", "The Paper has ceased to appear. We thank our readers."),
            is_told_elsewhere=True,
        ),
        SOFT_GONE,
    ),
    "page without text": (Case("<html><body><div id=app></div></body></html>"), EMPTY),
    "page without text at the first look": (
        Case("<html><body><div id=app></div></body></html>", before=None),
        EMPTY,
    ),
}  # fmt: skip
