"""The form of a new claim: words chosen in a text, what they claim, and what is tracked already."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from typing_extensions import override

from claims.admin.forms.base import DeskForm, choose
from claims.admin.forms.claim import ClaimWords, TopicField, plain_values
from claims.admin.forms.figures import Day, figure_rows, figures_in
from claims.admin.forms.origins import origin_reference
from claims.errors import InvalidInput
from claims.models import Appearance, Article, Claim, Desk
from claims.models.fields import read_reference
from claims.present.words import label
from claims.queries.similar import Similar
from claims.services.new_claims import Place, join, open_by_hand
from claims.states import ClaimLinkKind, Visibility
from claims.text.spans import find_span, given_span, shown_text
from claims.types import Actor, FigureValue

SAME = "same"
RELATION = "relation-"
RELATIONS = (
    ("", "another claim"),
    (SAME, "the same: mark this place"),
    (ClaimLinkKind.UPDATES.value, "this one updates it"),
    (ClaimLinkKind.FOLLOWS.value, "this one follows it"),
    (ClaimLinkKind.PART_OF.value, "this one is part of it"),
)
MOST_RELATIONS = 8
CHECK_FROM = 0.7
"""From this likeness on, a tracked claim is looked at before a new one is opened."""


class NewClaim(ClaimWords, DeskForm):
    """A claim to be opened: reported, not yet reviewed; or a place of one that is tracked."""

    button = "Put on record"
    slug = "open"
    SAYS = {"start": "words", "to": "statement"}

    desk = forms.ChoiceField(label="Desk")
    words = forms.CharField(
        label="Words in the text",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Select them in the text, or copy them here.",
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    cue = forms.CharField(label="Cue", max_length=200, required=False)
    hedges = forms.CharField(
        label="Hedges", max_length=600, required=False, help_text="A comma between them."
    )
    language = forms.CharField(label="Language", max_length=16, initial="en")
    expected_by_on = forms.DateField(
        label="Expected by", required=False, widget=Day(), help_text="Of a forecast."
    )
    review_by_on = forms.DateField(label="Review by", required=False, widget=Day())
    topic = TopicField()
    visibility = forms.ChoiceField(
        label="Seen by",
        choices=[(v.value, label(v)) for v in Visibility],
        initial=Visibility.OPEN.value,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        desks: Sequence[Desk],
        article: Article | None = None,
        text: str = "",
        initial: dict[str, object] | None = None,
        figures: Sequence[FigureValue] = (),
    ) -> None:
        super().__init__(data, initial=initial)
        self.actor, self.article = actor, article
        self.text = shown_text(article.text if article else text)
        self.figures = figure_rows(data, had=figures)
        self.desks = {desk.slug: desk for desk in desks}
        choose(self.fields["desk"], [(desk.slug, desk.name) for desk in desks])
        self.relations = _relations(data or {})
        self.span: tuple[int, int] | None = None

    @override
    def is_valid(self) -> bool:
        """Check the rows of figures too."""
        return all([super().is_valid(), self.figures.is_valid()])

    def clean_claimant(self) -> str:
        """Find who said it."""
        return origin_reference(self.actor, self.cleaned_data["claimant"])

    @override
    def clean(self) -> dict[str, Any]:
        """Find the words in the text."""
        given = self.cleaned_data
        try:
            self.span = self.find_words(given.get("words", ""), given.get("start"))
        except InvalidInput as error:
            self.add_error("words", capfirst(error.reason))
        return given

    def find_words(self, words: str, start: int | None) -> tuple[int, int] | None:
        """Return where the chosen words stand; None where there is no text and there are none.

        Raises:
            InvalidInput: they do not stand in the text, or more than once.
        """
        if not self.text.strip():
            return None
        if not words.strip():
            raise InvalidInput("words", "choose the words that make this claim.")
        return find_span(self.text, words, near=start)

    @property
    def joined(self) -> str:
        """The tracked claim that says the same, where a person said so."""
        return next((name for name, how in self.relations.items() if how == SAME), "")

    def missed(self, similar: Sequence[Similar]) -> list[Similar]:
        """Return the claims very like this one that the person has not been shown."""
        return [
            item
            for item in similar
            if item.score >= CHECK_FROM and item.claim.reference not in self.relations
        ]

    def save(self) -> Claim:
        """Open the claim, with its place and links.

        Raises:
            RecordError: the service's own refusal.
        """
        values = dict(self.cleaned_data)
        for name in ("words", "start", "cue", "hedges"):
            values.pop(name)
        links = [
            (ClaimLinkKind(how), to) for to, how in self.relations.items() if how not in {"", SAME}
        ]
        return open_by_hand(
            self.actor,
            desk=self.desks[values.pop("desk")],
            visibility=Visibility(values.pop("visibility")),
            values=plain_values(values),
            figures=figures_in(self.figures),
            place=self.place(),
            links=links,
        )

    def mark(self) -> Appearance:
        """Mark the place of the tracked claim that says the same.

        Raises:
            RecordError: the service's own refusal.
        """
        place = self.place()
        if place is None:
            raise InvalidInput("words", "there is no text to mark: add evidence to it instead.")
        return join(self.actor, self.joined, place=place)

    def place(self) -> Place | None:
        """Return the words found, as the service takes them."""
        if self.span is None:
            return None
        given = self.cleaned_data
        start, end = self.span
        hedges = [word.strip() for word in given.get("hedges", "").split(",")]
        if self.article is not None:
            start, end = given_span(self.article.text, start, end)
        return Place(
            start=start,
            end=end,
            article=self.article,
            text=self.text,
            language=given.get("language", ""),
            cue=given.get("cue", ""),
            hedges=tuple(word for word in hedges if word),
        )


def _relations(data: Any) -> dict[str, str]:
    """Return how the claim stands to each tracked one the person was shown."""
    known = {value for value, _ in RELATIONS}
    found: dict[str, str] = {}
    for name in list(data)[:200]:
        reference = read_reference(name.removeprefix(RELATION), "ST")
        if name.startswith(RELATION) and reference and data[name] in known:
            found[reference] = data[name]
    return dict(list(found.items())[:MOST_RELATIONS])
