"""Forms that close, reopen, flag, hide or place a claim, or have a source looked at."""

from typing import Any

from django import forms
from typing_extensions import override

from claims.access import articles_visible_to
from claims.admin.forms.base import ClaimForm, Numbered, Told, choose
from claims.models import Article, Claim
from claims.models.fields import read_reference
from claims.present.words import label
from claims.services import articles, claims, reviews, sources
from claims.services.reviews import RAISED_BY_PEOPLE, may_object
from claims.states import CloseReason, FlagKind, Visibility
from claims.types import Actor

RAISED_AT_HOME = RAISED_BY_PEOPLE - {FlagKind.OBJECTION}


class Close(ClaimForm):
    """The claim is no longer worked."""

    slug = "close"
    title = "Close the claim"
    button = "Close the claim"
    lead = "It keeps status and history and leaves the queue; a flag or a person reopens it."
    key = "x"
    KEPT = ("note",)
    SAYS = {"to": "replaced_by"}

    reason = forms.ChoiceField(
        label="Because", choices=[(r.value, label(r)) for r in CloseReason], widget=Numbered()
    )
    note = forms.CharField(label="In words", widget=forms.Textarea(attrs={"rows": 2}))
    replaced_by = forms.CharField(
        label="Replaced by",
        required=False,
        max_length=20,
        help_text="The claim that stands in its place, as ST-7K2M9Q; where there is one.",
    )

    @override
    def carry_out(self) -> Told:
        """Close it."""
        given = self.cleaned_data
        typed = given["replaced_by"]
        claims.close(
            self.actor,
            self.claim.pk,
            reason=CloseReason(given["reason"]),
            note=given["note"],
            seen=self.seen,
            replaced_by=read_reference(typed, "ST") or typed[:9],
        )
        return "The claim is closed."


class Reopen(ClaimForm):
    """The claim is worked again."""

    slug = "reopen"
    title = "Reopen the claim"
    button = "Reopen the claim"
    lead = "It goes back to the queue."
    key = "o"
    KEPT = ("note",)

    note = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    @override
    def carry_out(self) -> Told:
        """Reopen it."""
        claims.reopen_claim(
            self.actor, self.claim.pk, note=self.cleaned_data["note"], seen=self.seen
        )
        return "The claim is open again and waits in the queue."


class RaiseFlag(ClaimForm):
    """Somebody wants the claim looked at."""

    slug = "flag"
    title = "Ask for a review"
    button = "Ask for a review"
    lead = "Anybody who sees the claim may; it goes to its desk's queue."
    key = "a"
    KEPT = ("detail",)

    kind = forms.ChoiceField(
        label="This is",
        choices=[(kind.value, label(kind)) for kind in FlagKind if kind in RAISED_BY_PEOPLE],
    )
    detail = forms.CharField(
        label="What the desk should know", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        # An objection is another desk's: at one's own it is not offered; the service refuses it.
        offered = RAISED_BY_PEOPLE if may_object(actor, claim) else RAISED_AT_HOME
        kinds = [(kind.value, label(kind)) for kind in FlagKind if kind in RAISED_BY_PEOPLE]
        choose(self.fields["kind"], kinds, offered=[row for row in kinds if row[0] in offered])

    @override
    def carry_out(self) -> Told:
        """Raise the flag."""
        given = self.cleaned_data
        reviews.ask_for_review(
            self.actor,
            self.claim.pk,
            kind=FlagKind(given["kind"]),
            detail=given["detail"],
            seen=self.seen,
        )
        return "The desk has it in its queue."


class ShowTo(ClaimForm):
    """Who sees the claim."""

    slug = "visibility"
    title = "Who sees it"
    button = "Change who sees it"
    lead = "A hidden claim does not exist for other desks, at any door."
    SAYS = {"visibility": "to"}

    to = forms.ChoiceField(label="Seen by", choices=[(v.value, label(v)) for v in Visibility])

    @override
    def carry_out(self) -> Told:
        """Show or hide it."""
        to = Visibility(self.cleaned_data["to"])
        claims.set_visibility(self.actor, self.claim.pk, to=to, seen=self.seen)
        return f"Seen by: {label(to)}."


class Recheck(ClaimForm):
    """The watch looks at one source at its next round."""

    slug = "recheck"
    button = "Look now"

    source = forms.CharField(max_length=9, widget=forms.HiddenInput)

    @override
    def carry_out(self) -> Told:
        """Ask for the look."""
        source = sources.recheck_now(self.actor, self.cleaned_data["source"])
        return f"The watch looks at “{source}” at its next round."


class PlaceInArticle(ClaimForm):
    """Where an article makes the claim: told by its words, kept as a span."""

    slug = "place"
    title = "Mark it in an article"
    button = "Mark it"
    lead = "Paste the words of the article that make this claim."
    SAYS = {"start": "words"}

    article = forms.CharField(
        label="Article",
        max_length=20,
        widget=forms.TextInput(attrs={"list": "articles"}),
        help_text="Its reference, as AR-7K2M9Q.",
    )
    words = forms.CharField(
        label="Words in the article", widget=forms.Textarea(attrs={"rows": 3}), strip=False
    )

    def clean_article(self) -> Article:
        """Find the article."""
        reference = read_reference(self.cleaned_data["article"], "AR")
        found = articles_visible_to(self.actor).filter(reference=reference or "").first()
        if found is None:
            raise forms.ValidationError("There is no such article.")
        return found

    def clean_words(self) -> str:
        """Find the words: once, and to the letter."""
        words: str = self.cleaned_data["words"].strip()
        article = self.cleaned_data.get("article")
        if article and "\r" not in article.text:
            words = words.replace("\r\n", "\n")  # browsers send line breaks so
        times = article.text.count(words) if article and words else 1
        if times == 0:
            raise forms.ValidationError("These words do not stand in the article.")
        if times > 1:
            raise forms.ValidationError(f"They stand there {times} times: paste more of them.")
        return words

    @override
    def carry_out(self) -> Told:
        """Mark the place."""
        article, words = self.cleaned_data["article"], self.cleaned_data["words"]
        start = article.text.index(words)
        articles.add_appearance(
            self.actor,
            self.claim.pk,
            article=article.reference,
            start=start,
            end=start + len(words),
        )
        return f"Marked in “{article.title}”."
