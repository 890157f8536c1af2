"""The one badge component: glyph, word, border shape and flag mark, with the basis beneath.

Colour never carries the meaning alone: each status has its own glyph and border shape, a basis
that does not hold cuts the border open and is said in words. Classes only, no inline style.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.present.times import moment_html
from claims.present.words import counted, label, said_words, status_words
from claims.states import Basis, ClaimKind, ClaimStatus, FlagKind

GLYPHS: Mapping[ClaimStatus, str] = {
    ClaimStatus.REPORTED: "?",
    ClaimStatus.CORROBORATED: "✓",
    ClaimStatus.DISPUTED: "!",
}
FLAG_GLYPH = "↻"


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says of one claim."""

    status: ClaimStatus
    kind: ClaimKind = ClaimKind.FACT
    basis: Basis = Basis.HOLDS
    open_flags: int = 0

    @property
    def glyph(self) -> str:
        """The status's own sign."""
        return GLYPHS[self.status]

    @property
    def words(self) -> str:
        """The whole badge as one phrase, for names read aloud."""
        parts = [status_words(self.status, kind=self.kind)]
        if self.basis is not Basis.HOLDS:
            parts.append(label(self.basis))
        if self.open_flags:
            parts.append(counted(self.open_flags, one="open flag"))
        return ", ".join(parts)

    @property
    def classes(self) -> str:
        """CSS classes of status and basis."""
        return f"s-{self.status} b-{self.basis}"


@dataclass(frozen=True, slots=True)
class BasisFacts:
    """What is printed under every status.

    `why` is one sentence; `origins` counts independent known origins; `oldest_look_at` is the
    oldest last look at any linked source, None where one was never looked at; of the past
    (`is_past`) nobody can say.
    """

    basis: Basis
    since: datetime | None = None
    why: str = ""
    origins: int = 0
    oldest_look_at: datetime | None = None
    is_past: bool = False


def pill_html(badge: Badge) -> SafeString:
    """Return the badge alone, for places where the basis line stands right beneath it."""
    said = said_words(badge.kind)
    return format_html(
        '<span class="badge {}"><span class="badge-glyph" aria-hidden="true">{}</span>'
        '<span class="badge-word">{}</span>{}</span>',
        badge.classes,
        badge.glyph,
        label(badge.status).capitalize(),
        format_html(' <span class="badge-said">{}</span>', said) if said else "",
    )


def badge_html(badge: Badge) -> SafeString:
    """Return the badge with its basis in words, and the flag mark where flags are open."""
    return format_html(
        '<span class="badges">{} <span class="badge-basis b-{}">{}</span>{}</span>',
        pill_html(badge),
        badge.basis,
        label(badge.basis),
        flags_html(badge.open_flags),
    )


def flags_html(open_flags: int) -> SafeString:
    """Return the mark of open flags; nothing where none is open."""
    if not open_flags:
        return SafeString()
    return format_html(
        ' <span class="badge s-flag"><span class="badge-glyph" aria-hidden="true">{}</span>'
        '<span class="badge-word">{}</span></span>',
        FLAG_GLYPH,
        counted(open_flags, one="open flag"),
    )


def flag_html(kind: FlagKind) -> SafeString:
    """Return the mark of one flag, named by its kind."""
    return format_html(
        '<span class="badge s-flag"><span class="badge-glyph" aria-hidden="true">{}</span>'
        '<span class="badge-word">{}</span></span>',
        FLAG_GLYPH,
        label(kind).capitalize(),
    )


def basis_html(facts: BasisFacts) -> SafeString:
    """Return the basis line: whether it holds, since when, why, on how many origins, how fresh."""
    parts: list[SafeString | str] = []
    if facts.since is not None:
        parts.append(format_html("since {}", moment_html(facts.since)))
    if facts.why:
        parts.append(facts.why)
    parts.append(counted(facts.origins, one="independent origin"))
    if facts.oldest_look_at:
        parts.append(format_html("oldest look {}", moment_html(facts.oldest_look_at)))
    elif not facts.is_past:
        parts.append("not every source looked at yet")
    return format_html(
        '<p class="basis b-{}"><span class="basis-word">{}</span>{}</p>',
        facts.basis,
        label(facts.basis).capitalize(),
        format_html_join("", '<span class="basis-part">{}</span>', ((part,) for part in parts)),
    )
