"""The fields of evidence, and whether the quoted words stand where they are said to."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from claims.admin.forms.base import ClaimForm
from claims.admin.forms.figures import figures_in
from claims.admin.forms.origins import OriginField, origin_reference
from claims.models import Source
from claims.models.fields import read_reference
from claims.present.grades import CREDIBILITY, PRIMARY_RECORD
from claims.present.words import label
from claims.states import DisputeKind, Stance
from claims.text.normalise import clean, find_control
from claims.text.passages import nearest_in, passage_in
from claims.types import FigureValue

SELECTOR = {"prefix": "quote_prefix", "suffix": "quote_suffix"}
"""Fields of evidence that the form has under names of its own."""
WHO = ("origin", "relays", "is_primary_record", "credibility")
MORE = ("translation", "language", "locator")
END = ("own_word", "rationale")
MOST_SHOWN = 300


class EvidenceFields(forms.Form):
    """What evidence says, from whom it comes, and how it is graded."""

    quote = forms.CharField(
        label="Quote",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The words on the page, to the letter and in their own language. "
        "The watch finds them and looks for them for as long as the claim lives.",
    )
    quote_prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    quote_suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    stance = forms.ChoiceField(
        label="Stance", choices=[(stance.value, label(stance)) for stance in Stance]
    )
    dispute_kind = forms.ChoiceField(
        label="If it disputes, it is a",
        required=False,
        choices=[("", "–"), *((kind.value, label(kind)) for kind in DisputeKind)],
        help_text="A bare denial obliges nobody; a conflicting account or a disproof must be "
        "answered.",
    )
    origin = OriginField(
        label="Information comes from",
        help_text="Who knows it, not who prints it. Empty: unknown, and it cannot count.",
    )
    relays = OriginField(
        label="It repeats",
        help_text="Another piece of evidence (EV-7K2M9Q) or an origin: a copy adds no origin.",
    )
    is_primary_record = forms.BooleanField(
        label="Primary record of the act", required=False, help_text=PRIMARY_RECORD
    )
    credibility = forms.TypedChoiceField(
        label="Credibility",
        coerce=int,
        choices=[(int(grade.sign), f"{grade.sign}, {grade.name}") for grade in CREDIBILITY],
        initial=6,
        help_text="Of this information, whoever says it. 6 means unknown, not bad.",
    )
    translation = forms.CharField(
        label="Translation", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    language = forms.CharField(label="Language of the quote", max_length=16, required=False)
    locator = forms.CharField(
        label="Where in it",
        max_length=300,
        required=False,
        help_text="Page, minute, paragraph: what the quote alone does not tell.",
    )
    own_word = forms.CharField(
        label="How you know these words",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where the watch cannot read them: a wall, a picture, a film. They are kept "
        "as not yet found, with this beside them for good; then attest them.",
    )


class EvidenceForm(EvidenceFields, ClaimForm):
    """The fields of evidence, read into what the services take."""

    SAYS = {
        "relays_evidence": "relays",
        "relays_origin": "relays",
        "note": "own_word",
        "figures.value": "figures",
    }

    figures: Any = None
    asks_word = False

    @property
    def head_fields(self) -> list[forms.BoundField]:
        """What stands first: the address or item, the quote, and what it does to the claim."""
        named = {*WHO, *MORE, *END}
        return [field for field in self.visible_fields() if field.name not in named]

    @property
    def who_fields(self) -> list[forms.BoundField]:
        """Who it comes from, and how it is graded."""
        return self._named(WHO)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What most evidence does without."""
        return self._named(MORE if self._needs_word else (*MORE, "own_word"))

    @property
    def end_fields(self) -> list[forms.BoundField]:
        """What is asked last."""
        return self._named(END if self._needs_word else ("rationale",))

    @property
    def _needs_word(self) -> bool:
        """Whether a person's word is likely to be wanted: nothing was read, or not these words."""
        return self.asks_word or (self.is_bound and bool({"quote", "own_word"} & {*self.errors}))

    @property
    def is_more_open(self) -> bool:
        """Whether something of the rest is filled in or wrong."""
        has_rows = self.figures is not None and (
            self.figures.initial_form_count() or self.figures.total_error_count()
        )
        return bool(has_rows) or any(field.errors or field.value() for field in self.more_fields)

    def _named(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def clean_quote(self) -> str:
        """Return the words with the line ends that texts have."""
        return _lines(self.cleaned_data["quote"])

    def clean_quote_prefix(self) -> str:
        """What stood before the quote; only a hint, so what cannot be is left out."""
        return _hint(self.cleaned_data["quote_prefix"])

    def clean_quote_suffix(self) -> str:
        """What stood after the quote."""
        return _hint(self.cleaned_data["quote_suffix"])

    def clean_translation(self) -> str:
        """Return the translation with the line ends that texts have."""
        return _lines(self.cleaned_data["translation"])

    def clean_origin(self) -> str:
        """Find the origin."""
        return origin_reference(self.actor, self.cleaned_data["origin"])

    def clean_relays(self) -> dict[str, str]:
        """Tell evidence from an origin by the reference."""
        typed = self.cleaned_data["relays"]
        evidence = read_reference(typed.split(" ")[0], "EV") or ""
        origin = "" if evidence else origin_reference(self.actor, typed)
        return {"relays_evidence": evidence, "relays_origin": origin}

    def check_passage(self, source: Source | None) -> None:
        """Find the quote on the page as last read, or say at the field that it is not there.

        Where it is found the selector is made of the text's own words. Where nothing can be read,
        or a person says how they know the words, it is kept as it was given.
        """
        quote = self.cleaned_data.get("quote")
        text = text_of_source(source)
        if not quote or source is None or not text:
            return
        passage = passage_in(text, quote, **self.selector())
        if passage is not None:
            self.cleaned_data["quote"] = passage.exact
            self.keep_selector(passage.prefix, passage.suffix)
            return
        self.keep_selector("", "")
        if not self.cleaned_data.get("own_word"):
            self.add_error("quote", _not_there(source, text, quote))

    def selector(self) -> dict[str, str]:
        """Return what stands before and after the quote, as far as it is known."""
        return {name: self.cleaned_data.get(of, "") for name, of in SELECTOR.items()}

    def keep_selector(self, prefix: str, suffix: str) -> None:
        """Take these surroundings for the quote's."""
        self.cleaned_data |= {SELECTOR["prefix"]: prefix, SELECTOR["suffix"]: suffix}

    def values(self) -> dict[str, Any]:
        """Return the fields in the services' words."""
        own = EvidenceFields.base_fields.keys() - {"relays", "own_word", *SELECTOR.values()}
        given = {name: self.cleaned_data.get(name) for name in own}
        relays: dict[str, str] = self.cleaned_data["relays"]
        return given | self.selector() | relays

    def figure_values(self) -> list[FigureValue]:
        """Return the figures of the rows."""
        return figures_in(self.figures)


def text_of_source(source: Source | None) -> str:
    """Return what a source said when it was last read, empty where it could not be."""
    return source.snapshot.text if source is not None and source.snapshot is not None else ""


def _not_there(source: Source, text: str, quote: str) -> str:
    read_at = source.snapshot.taken_at if source.snapshot else timezone.now()
    day = date_format(timezone.localtime(read_at), "j M Y, H:i")
    sentence = f"These words do not stand on the page as read on {day}."
    nearest = nearest_in(text, quote)
    if nearest:
        shown = nearest if len(nearest) <= MOST_SHOWN else nearest[:MOST_SHOWN] + "…"
        sentence += f" The nearest are: “{shown}”"
    return sentence


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hint(text: str) -> str:
    text = clean(text) and _lines(text)
    return "" if find_control(text) else text[:200]
