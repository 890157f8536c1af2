"""The error tree of the watch.

WatchError
├── NameUnknown     the resolver knows no address for a name
├── PageUnread      the child could not read a page
│   ├── ExtractTimeout  it ran past its wall-clock limit and was killed
│   └── ExtractFailed   it crashed, ran out of memory or answered nonsense
└── BlobUnreadable  an archived body cannot be had as it was stored
    ├── BlobMissing     nothing is stored under that hash
    └── BlobDamaged     what is stored has another hash
"""


class WatchError(Exception):
    """Base of every error the watch raises on purpose; `str()` is one sentence for people."""


class NameUnknown(WatchError):
    """The resolver knows no address for a name."""


class PageUnread(WatchError):
    """The child could not read a page."""


class ExtractTimeout(PageUnread):
    """The child ran past its wall-clock limit and was killed."""


class ExtractFailed(PageUnread):
    """The child crashed, ran out of memory or answered nonsense."""


class BlobUnreadable(WatchError):
    """An archived body cannot be had as it was stored; `sha256` names it."""

    def __init__(self, sha256: str, sentence: str) -> None:
        super().__init__(sentence)
        self.sha256 = sha256


class BlobMissing(BlobUnreadable):
    """Nothing is stored under that hash."""


class BlobDamaged(BlobUnreadable):
    """What is stored has another hash."""
