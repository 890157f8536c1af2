"""Read and assess strangers' pages in killable children; both sides of that wall stand here.

What comes back is as untrusted as the page: every field is checked against its type.
"""

import dataclasses
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from queue import SimpleQueue
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

from claims.types import PageText, QuoteToFind
from verifier.assess import assess
from verifier.child import ChildLimits, Children, Job
from verifier.child.frames import Work
from verifier.extract import extract
from verifier.types import AssessedPage, RawPage

Value = TypeVar("Value")
Read = Callable[[object], object]
"""JSON's own kinds in, a value of one declared type out; ValueError where it is none."""


class Pages:
    """A pool of children that read pages, for one thread; a context manager."""

    def __init__(self, *, size: int = 1, limits: ChildLimits | None = None) -> None:
        self._children = Children("verifier.pages", size=size, limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let running jobs end, then end the children."""
        self._children.close()

    def submit_read(self, page: RawPage) -> "Job[PageText]":
        """Begin to read one page; its result raises as `read` does."""
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
    ) -> "Job[AssessedPage]":
        """Begin to read one page and say what it means; its result raises as `read` does."""
        message = _told(page) | {
            "before": plain(before),
            "quotes": plain(tuple(quotes)),
            "is_expected_to_change": is_expected_to_change,
        }
        return self._children.submit(
            "assess", message=message, raw=page.raw, read=partial(_assessed, before=before)
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


class SharedPages:
    """Pools of one child each, which threads take turns with; a context manager.

    A child ends with the thread that first needed it.
    """

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._free: SimpleQueue[Pages] = SimpleQueue()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for _ in range(self._size):
            self._free.put(self._open.enter_context(Pages()))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def read(self, page: RawPage) -> PageText:
        """Read one page, in its turn; raises as `Pages.read`."""
        with self._lent() as pages:
            return pages.read(page)

    def assess(
        self, page: RawPage, *, before: PageText | None, quotes: Sequence[QuoteToFind]
    ) -> AssessedPage:
        """Read one page and say what it means, in its turn; raises as `Pages.read`."""
        with self._lent() as pages:
            return pages.assess(page, before=before, quotes=quotes)

    @contextmanager
    def _lent(self) -> Iterator[Pages]:
        pages = self._free.get()
        try:
            yield pages
        finally:
            self._free.put(pages)


def plain(value: object) -> Any:
    """Turn a value of the contracts into JSON's own kinds."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if dataclasses.is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


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
    declared: Any = kind
    built = _reader(declared)(data)
    if not isinstance(built, kind):
        raise _mismatch(kind)
    return built


@cache
def _reader(kind: Any) -> Read:
    """Return what reads a value of one declared type; made once, the types do not change."""
    if isinstance(kind, types.UnionType):
        (wanted,) = (part for part in get_args(kind) if part is not types.NoneType)
        return _optional(_reader(wanted))
    if get_origin(kind) is tuple:
        return _items(kind, _reader(get_args(kind)[0]))
    if dataclasses.is_dataclass(kind):
        fields = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return partial(_read_fields, kind, fields)
    if kind in _ATOMS:
        return partial(_read_atom, kind)
    return partial(_read_word, kind)


def _optional(read: Read) -> Read:
    return lambda data: None if data is None else read(data)


def _items(kind: Any, read: Read) -> Read:
    def read_items(data: object) -> object:
        if type(data) is not list:
            raise _mismatch(kind)
        return tuple(map(read, data))

    return read_items


def _read_fields(kind: Any, fields: Mapping[str, Read], data: object) -> object:
    if type(data) is not dict or data.keys() != fields.keys():
        raise _mismatch(kind)
    return kind(*[read(data[name]) for name, read in fields.items()])


def _read_atom(kind: Any, data: object) -> object:
    if type(data) is kind or (kind is float and type(data) is int):
        return data
    raise _mismatch(kind)


def _read_word(kind: Any, data: object) -> object:
    if not isinstance(data, str):
        raise _mismatch(kind)
    try:
        return _WORDS.get(kind, kind)(data)
    except InvalidOperation:
        raise _mismatch(kind) from None


def _mismatch(kind: Any) -> ValueError:
    return ValueError(f"not a {getattr(kind, '__name__', kind)}")


_ATOMS = frozenset({str, int, float, bool, types.NoneType})
_WORDS: Mapping[Any, Callable[[str], object]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}
"""How types other than words of a closed list and decimals are read from text."""


def _assessed(data: Any, *, before: PageText | None) -> AssessedPage:
    """Read the child's answer, in which no text means the text of `before`."""
    if before is not None and data["page"]["text"] is None:
        data["page"]["text"] = before.text
    return typed(AssessedPage, data)


def _told(page: RawPage) -> dict[str, object]:
    return {"url": page.url, "media_type": page.media_type, "charset": page.charset}


def _read_job(message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
    return dict(plain(_extracted(message, raw)))


def _assess_job(message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
    before = None if message["before"] is None else typed(PageText, message["before"])
    page = _extracted(message, raw)
    assessment = assess(
        before=before,
        after=page,
        quotes=[typed(QuoteToFind, quote) for quote in message["quotes"]],
        is_expected_to_change=message["is_expected_to_change"],
    )
    told = dict(plain(AssessedPage(page, assessment)))
    if before is not None and page.text == before.text:
        told["page"]["text"] = None
    return told


def _extracted(message: Mapping[str, Any], raw: bytes) -> PageText:
    return extract(
        raw, url=message["url"], media_type=message["media_type"], charset=message["charset"]
    )


JOBS: Mapping[str, Work] = {"read": _read_job, "assess": _assess_job}
