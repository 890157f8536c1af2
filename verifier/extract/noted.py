"""Elements that say something of the page itself, kept for `metadata` while the text is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TAGS = frozenset({
    "form", "h1", "html", "iframe", "input", "link", "meta", "script", "time", "title",
})  # fmt: skip


@dataclass(slots=True)
class Noted:
    """One element: its attributes, and all text in it; `depth` is that of its end."""

    tag: str
    attributes: Mapping[str, str]
    depth: int
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text in it, that of the elements in it too."""
        return "".join(self.words)

    def get(self, name: str) -> str | None:
        """Return one attribute."""
        return self.attributes.get(name)


def is_correction(attributes: Mapping[str, str]) -> bool:
    """Say whether microdata names an element as a correction (schema.org)."""
    if "itemprop" in attributes and attributes["itemprop"] == "correction":
        return True
    return "itemtype" in attributes and attributes["itemtype"].endswith("/CorrectionComment")
