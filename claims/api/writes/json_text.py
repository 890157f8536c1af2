"""The JSON of a body, strictly (RFC 8259): what readers may take differently is refused."""

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from claims.api.problems import Problem

MEDIA = "application/json"
MOST_DIGITS = 40
_BOM = b"\xef\xbb\xbf"

NOTHING = object()
"""No body at all."""


@dataclass(frozen=True, slots=True)
class NoNumber:
    """What stands where a number should, and is none that can be kept: NaN, 1e999, -0."""

    text: str


def bytes_of(request: HttpRequest) -> bytes:
    """Return the body of a request, empty where there is none.

    Raises:
        Problem: another media type or encoding, too large, or of unknown length.
    """
    if request.META.get("CONTENT_LENGTH") in {None, "", "0"}:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            said = "Send the body with its Content-Length, not in chunks."
            raise Problem("length_required", said)
        return b""
    _require_json(request)
    try:
        return request.body
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise Problem("too_large", f"A body may have {most} bytes.") from None
    except UnreadablePostError:
        raise Problem("malformed", "The body broke off.") from None


def _require_json(request: HttpRequest) -> None:
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        raise Problem("unsupported_media_type", "Send the body without a Content-Encoding.")
    charset = (request.content_params or {}).get("charset", "utf-8").strip("\"'").lower()
    if request.content_type != MEDIA or charset not in {"utf-8", "utf8"}:
        raise Problem("unsupported_media_type", f"Send {MEDIA}, in UTF-8.")


def read(body: bytes) -> object:
    """Return what JSON bytes say; `NOTHING` where they say nothing.

    Numbers with a point are decimals.

    Raises:
        Problem: not JSON in UTF-8, with the place of the fault; or a name that is given twice.
    """
    if not body.strip():
        return NOTHING
    if body.startswith(_BOM):
        raise Problem("malformed", "The body begins with a byte order mark; send it without.")
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=NoNumber,
            parse_int=_whole,
            parse_float=_decimal,
        )
    except UnicodeDecodeError as error:
        raise Problem("malformed", f"Byte {error.start} of the body is no UTF-8.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem("malformed", f"The body is no JSON at {place}: {error.msg}.") from None
    except RecursionError:
        raise Problem("malformed", "The body is nested too deeply.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise Problem(
            "invalid_input",
            "The body names a field twice.",
            fields={twice[:100]: ["is given more than once."]},
        )
    return found


def _whole(text: str) -> int | NoNumber:
    return NoNumber(text[:MOST_DIGITS]) if len(text) > MOST_DIGITS or text == "-0" else int(text)


def _decimal(text: str) -> Decimal | NoNumber:
    is_plain = len(text) <= MOST_DIGITS and "e" not in text.lower()
    return Decimal(text) if is_plain else NoNumber(text[:MOST_DIGITS])
