"""Read and assess strangers' pages in killable children; both sides of that wall stand here.

What comes back is as untrusted as the page: every field is checked against its type.
"""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

from claims.types import PageText, QuoteToFind
from verifier.assess import assess
from verifier.child import ChildLimits, Children, Job
from verifier.extract import extract
from verifier.types import AssessedPage, RawPage

Value = TypeVar("Value")


class Pages:
    """A pool of children that read pages. Thread-safe; a context manager."""

    def __init__(self, *, size: int = 1, limits: ChildLimits | None = None) -> None:
        self._children = Children("verifier.pages", size=size, limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let running jobs end, then end the children."""
        self._children.close()

    def submit_read(self, page: RawPage) -> "Future[PageText]":
        """Begin to read one page; the future raises as `read` does."""
        return self._children.submit(
            "read", message=_told(page), raw=page.raw, read=lambda data: typed(PageText, data)
        )

    def submit_assess(
        self,
        page: RawPage,
        *,
        before: PageText | None,
        quotes: Sequence[QuoteToFind],
        is_expected_to_change: bool = False,
    ) -> "Future[AssessedPage]":
        """Begin to read one page and say what it means; the future raises as `read` does."""
        message = _told(page) | {
            "before": plain(before),
            "quotes": plain(tuple(quotes)),
            "is_expected_to_change": is_expected_to_change,
        }
        return self._children.submit(
            "assess", message=message, raw=page.raw, read=lambda data: typed(AssessedPage, data)
        )

    def read(self, page: RawPage) -> PageText:
        """Read one page.

        Raises:
            ExtractTimeout: it took too long; the child was killed.
            ExtractFailed: the child crashed, ran out of memory or answered nonsense.
        """
        return self.submit_read(page).result()

    def assess(
        self,
        page: RawPage,
        *,
        before: PageText | None,
        quotes: Sequence[QuoteToFind],
        is_expected_to_change: bool = False,
    ) -> AssessedPage:
        """Read one page and say what it means against `before`, in one trip; raises as `read`."""
        return self.submit_assess(
            page, before=before, quotes=quotes, is_expected_to_change=is_expected_to_change
        ).result()


def plain(value: object) -> Any:
    """Turn a value of the contracts into JSON's own kinds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def typed(kind: type[Value], data: object) -> Value:
    """Build a value of the contracts from JSON.

    Args:
        kind: The frozen dataclass wanted.
        data: What `plain` made of it, on the other side of the wall.

    Returns:
        The value, every field of its declared type.

    Raises:
        ValueError: something is missing, too much or of another type.
    """
    built = _typed(kind, data)
    if not isinstance(built, kind):
        raise _mismatch(kind)
    return built


def _typed(kind: Any, data: object) -> object:
    if isinstance(kind, types.UnionType):
        (wanted,) = (part for part in get_args(kind) if part is not types.NoneType)
        return None if data is None else _typed(wanted, data)
    if get_origin(kind) is tuple:
        return _typed_items(get_args(kind)[0], data)
    if dataclasses.is_dataclass(kind):
        return _typed_fields(kind, data)
    if isinstance(data, str) and kind is not str:
        return _read(kind, data)
    if type(data) is kind or (kind is float and type(data) is int):
        return data
    raise _mismatch(kind)


def _typed_items(kind: Any, data: object) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise _mismatch(kind)
    return tuple(_typed(kind, item) for item in data)


def _typed_fields(kind: Any, data: object) -> object:
    hints = get_type_hints(kind)
    if not isinstance(data, dict) or data.keys() != hints.keys():
        raise _mismatch(kind)
    return kind(**{name: _typed(hint, data[name]) for name, hint in hints.items()})


def _read(kind: Any, text: str) -> object:
    if issubclass(kind, StrEnum):
        return kind(text)
    try:
        return READERS[kind](text)
    except (KeyError, InvalidOperation):
        raise _mismatch(kind) from None


def _mismatch(kind: Any) -> ValueError:
    return ValueError(f"not a {getattr(kind, '__name__', kind)}")


READERS: Mapping[Any, Any] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def _told(page: RawPage) -> dict[str, object]:
    return {"url": page.url, "media_type": page.media_type, "charset": page.charset}


def _read_job(message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
    return dict(plain(_extracted(message, raw)))


def _assess_job(message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
    before = message["before"]
    page = _extracted(message, raw)
    assessment = assess(
        before=None if before is None else typed(PageText, before),
        after=page,
        quotes=[typed(QuoteToFind, quote) for quote in message["quotes"]],
        is_expected_to_change=message["is_expected_to_change"],
    )
    return dict(plain(AssessedPage(page, assessment)))


def _extracted(message: Mapping[str, Any], raw: bytes) -> PageText:
    return extract(
        raw, url=message["url"], media_type=message["media_type"], charset=message["charset"]
    )


JOBS: Mapping[str, Job] = {"read": _read_job, "assess": _assess_job}
