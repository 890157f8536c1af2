"""Opening a claim by hand: words chosen in a text, or typed; beside it what is tracked already."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from claims.admin.actors import actor_in, works_at
from claims.admin.forms.new_claim import RELATION, RELATIONS, NewClaim
from claims.admin.keys import Bindings
from claims.admin.reading import read_words
from claims.admin.site import desk, show
from claims.errors import AlreadyExists, InvalidInput, NotAllowed, RecordError
from claims.models import Article, Claim, Desk
from claims.present.claim_page import badge_of, claimant_words
from claims.queries.articles import appearances_in, newest_articles, read_article
from claims.queries.claim_lists import topics_seen
from claims.queries.desk import origins_to_choose
from claims.queries.desks import desks_of
from claims.queries.similar import Similar, similar_claims
from claims.types import Actor

MOST_ARTICLES = 30
MOST_DIGITS = 6
KEYS: Bindings = (
    (("Shift", "→"), "select in the text; with Ctrl by words"),
    (("Enter",), "take the selected words"),
    (("Ctrl", "Enter"), "put on record"),
    (("Ctrl", "Shift", "Enter"), "put on record, and back to the text"),
    (("?",), "this list"),
)
KEPT_ON_READING = (
    "desk",
    "visibility",
    "words",
    "start",
    "review_by_on",
    "expected_by_on",
    "topic",
)


@desk.page("claims/claim/new/", name="claims_claim_new")
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """Open a claim, or mark a tracked one in another place."""
    actor = actor_in(request)
    desks = list(Desk.objects.filter(slug__in=works_at(actor)).order_by("name"))
    if not desks:
        raise NotAllowed("Only fact-checkers and editors open claims.")
    named = (request.POST or request.GET).get("article", "").strip()
    article = read_article(actor, named) if named else None
    if request.method != "POST":
        return _page(request, NewClaim(actor=actor, desks=desks, article=article))
    form = NewClaim(
        request.POST, actor=actor, desks=desks, article=article, text=request.POST.get("text", "")
    )
    match request.POST.get("step", ""):
        case "read":
            return _read(request, form, desks)
        case "check":
            return _check(request, form)
        case _:
            return _open(request, form)


def _read(request: HttpRequest, form: NewClaim, desks: Sequence[Desk]) -> HttpResponse:
    """Fill the form from the chosen words."""
    data = request.POST
    try:
        span = form.find_words(data.get("words", ""), _whole(data.get("start", "")))
    except InvalidInput as error:
        form.errors.clear()
        form.add_error("words", capfirst(error.reason))
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if span is None:
        return _check(request, form)
    read = read_words(form.actor, form.text, start=span[0], end=span[1], article=form.article)
    filled = NewClaim(
        actor=form.actor,
        desks=desks,
        article=form.article,
        text=form.text,
        initial={name: data.get(name, "") for name in KEPT_ON_READING} | read.fields,
        figures=read.figures,
    )
    found = similar_claims(form.actor, str(read.fields["statement"]))
    return _page(request, filled, similar=found, is_checked=True)


def _whole(typed: str) -> int | None:
    is_whole = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
    return int(typed) if is_whole else None


def _check(request: HttpRequest, form: NewClaim) -> HttpResponse:
    """Show what is tracked already, and leave the form as it was sent."""
    form.errors.clear()
    found = similar_claims(form.actor, request.POST.get("statement", ""))
    return _page(request, form, similar=found, is_checked=True)


def _open(request: HttpRequest, form: NewClaim) -> HttpResponse:
    similar = similar_claims(form.actor, request.POST.get("statement", ""))
    if form.joined and "words" not in form.errors:
        return _join(request, form, similar)
    if not form.is_valid():
        return _page(request, form, similar=similar, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.missed(similar):
        form.add_error(
            None,
            "This may be tracked already: look at the claims beside, then save again.",
        )
        return _page(request, form, similar=similar, status=HTTPStatus.CONFLICT, is_checked=True)
    try:
        claim = form.save()
    except AlreadyExists as known:
        messages.info(request, f"{known.reference} is open already: it was sent twice.")
        return redirect("admin:claims_evidence_new", known.reference)
    except RecordError as error:
        return _page(request, form, similar=similar, status=form.refuse(error))
    messages.success(request, f"{claim.reference} is open: now link what it rests on.")
    return _onward(request.POST, claim)


def _onward(data: QueryDict, claim: Claim) -> HttpResponse:
    """Go on to the claim's evidence, or back to the text for its next claim."""
    place = claim.appearances.select_related("article").first()
    if "next" in data and place is not None:
        return redirect(f"{reverse('admin:claims_claim_new')}?article={place.article.reference}")
    return redirect("admin:claims_evidence_new", claim.reference)


def _join(request: HttpRequest, form: NewClaim, similar: Sequence[Similar]) -> HttpResponse:
    try:
        form.mark()
    except AlreadyExists as known:
        messages.info(request, f"{known.reference} is marked there already.")
        return redirect("admin:claims_claim_page", form.joined)
    except RecordError as error:
        form.errors.clear()
        return _page(request, form, similar=similar, status=form.refuse(error))
    messages.success(request, f"{form.joined} is marked in this text too.")
    return redirect("admin:claims_claim_page", form.joined)


def _page(
    request: HttpRequest,
    form: NewClaim,
    *,
    similar: Sequence[Similar] = (),
    status: int = HTTPStatus.OK,
    is_checked: bool = False,
) -> HttpResponse:
    actor, article = form.actor, form.article
    context: dict[str, object] = {
        "title": "New claim",
        "form": form,
        "article": article,
        "text": form.text,
        "similar": [_similar_row(item, form, actor) for item in similar],
        "is_checked": is_checked,
        "marked": _marked(actor, article),
        "origins": origins_to_choose(actor),
        "topics": topics_seen(actor),
        "articles": newest_articles(actor, before="", limit=MOST_ARTICLES, is_tallied=False)
        if not article
        else (),
        "bindings": KEYS,
    }
    return show(request, "admin/desk/new_claim.html", context, status=status)


def _similar_row(item: Similar, form: NewClaim, actor: Actor) -> dict[str, object]:
    claim = item.claim
    return {
        "reference": claim.reference,
        "statement": claim.statement,
        "language": claim.language,
        "badge": badge_of(claim),
        "claimant": claimant_words(claim, desks=desks_of(actor)),
        "percent": round(item.score * 100),
        "has_other_figures": item.has_other_figures,
        "field": f"{RELATION}{claim.reference}",
        "relations": RELATIONS,
        "chosen": form.relations.get(claim.reference, ""),
    }


def _marked(actor: Actor, article: Article | None) -> list[Claim]:
    """Return the claims marked in the article already, each once, in its order."""
    if article is None:
        return []
    return list({row.claim_id: row.claim for row in appearances_in(actor, article)}.values())
