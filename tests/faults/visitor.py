"""Somebody at the web's own process: signed in, or a system with a token."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any

from django.conf import settings
from django.test import Client

PATIENCE_S = 6
"""No answer may take longer, whatever is broken (a test that waits longer fails)."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Asks the web at `url`, with a person's session or a token."""

    def __init__(
        self, url: str, *, session: str = "", token: str = "", patience_s: float = PATIENCE_S
    ) -> None:
        self.url, self.patience_s = url.rstrip("/"), patience_s
        name = settings.CSRF_COOKIE_NAME
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {name}={'c' * 32}"
        self.headers = {"Cookie": cookies, "X-CSRFToken": "c" * 32} if session else {}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Answer:
        return self.ask(urllib.request.Request(self.url + path, headers=self.headers))

    def post(self, path: str, **values: str) -> Answer:
        body = urllib.parse.urlencode(values).encode()
        return self.ask(
            urllib.request.Request(self.url + path, body, headers=self.headers, method="POST")
        )

    def ask(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(Unmoved)
        try:
            with opener.open(request, timeout=self.patience_s) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers, refused.read())


class Unmoved(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_: Any) -> None:
        return None


def session_of(user: Any) -> str:
    """Sign a person in, and return their session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
