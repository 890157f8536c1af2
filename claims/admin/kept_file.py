"""A chosen file, kept between being looked at and being taken in: an hour, for one session.

It lies in a session row of its own, beside the person's: they are ended and swept alike, and the
pages in between carry nothing but its hash.
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

KEPT_FOR_S = 3600
PLACE = "kept_file"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file with what was said of it when it was chosen."""

    data: bytes
    name: str
    options: dict[str, str]

    @property
    def sha256(self) -> str:
        """Its name among files: the hex SHA-256 of its bytes."""
        return sha256(self.data).hexdigest()


def keep(request: HttpRequest, file: KeptFile) -> None:
    """Keep a file in place of the one before."""
    let_go(request)
    store = _store(None)
    store["file"] = base64.b64encode(file.data).decode("ascii")
    store["name"], store["options"] = file.name, file.options
    store.set_expiry(KEPT_FOR_S)
    store.create()
    request.session[PLACE] = store.session_key


def kept(request: HttpRequest) -> KeptFile | None:
    """Return the file this session keeps, if it still does."""
    key = request.session.get(PLACE)
    store = _store(key) if key else None
    if store is None or "file" not in store:
        return None
    try:
        data = base64.b64decode(store["file"])
    except (binascii.Error, ValueError):
        return None
    return KeptFile(data, store["name"], store["options"])


def let_go(request: HttpRequest) -> None:
    """Forget the file."""
    key = request.session.pop(PLACE, None)
    if key:
        _store(key).delete()


def _store(key: str | None) -> SessionBase:
    engine: Any = import_module(settings.SESSION_ENGINE)
    store: SessionBase = engine.SessionStore(key)
    return store
