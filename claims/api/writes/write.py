"""What every write does: who may, what is sent, which version was seen, and that it happens once.

The change, its entries and the answer that is kept for a repetition are one transaction. The
answer is that of a GET at the object's own address, so that a caller has what it would read next.
"""

import copy
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from psycopg.errors import UniqueViolation
from rest_framework.request import Request

from claims.access import SCOPES
from claims.api import parameters
from claims.api.callers import Caller
from claims.api.door import JSON, ForKnown, Resource
from claims.api.matching import seen_revision
from claims.api.problems import Problem
from claims.api.writes import json_text
from claims.api.writes.description import described_write
from claims.api.writes.json_text import bytes_of
from claims.api.writes.operation import Act, Done, Operation
from claims.errors import InvalidInput, RevisionMoved
from claims.models import KeptAnswer
from claims.services.kept_answers import Repeatable, first_answer, keep
from claims.states import Verb

KEPT_HEADERS = ("Location", "Content-Location", "ETag", "Last-Modified")
SENT_AS = {"url": "page_url", "to": "replaced_by"}
"""Fields that bodies name otherwise than services do."""
_KEY = re.compile(r"[!-~]{1,255}")
_ASKED = re.compile("HTTP_(IF|ACCEPT|CONTENT|IDEMPOTENCY|TRANSFER)_|CONTENT_|QUERY_STRING")


Work = Callable[[Any, Act], Done]
Handler = Callable[..., HttpResponse]


class Writing(ForKnown):
    """An address at which something is written. `reader` answers GET for the object written."""

    reader: ClassVar[type[Resource]]
    reader_route: ClassVar[str]

    def perform(
        self, request: Request, operation: Operation, work: Callable[[Act], Done], reference: str
    ) -> HttpResponse:
        """Do one write, or give the answer it was given before."""
        parameters.checked(request.query_params, known=())
        self._require_scope(operation.verb)
        body = bytes_of(request._request)  # noqa: SLF001 - Django's own request
        given = operation.body.read(json_text.read(body))
        seen = seen_revision(request) if operation.is_matched else 0
        act = Act(self.actor, reference, given, seen)
        repeatable = self._repeatable(request, body)
        try:
            with transaction.atomic():
                before = first_answer(repeatable) if repeatable else None
                if before is not None:
                    return _again(before)
                answer = self._answer(work(act))
                if repeatable:
                    _keep(repeatable, answer)
                return answer
        except InvalidInput as wrong:
            raise _as_sent(wrong, operation) from wrong
        except RevisionMoved as moved:
            raise self._stale(reference, moved) from moved
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            said = "The same came on record from somebody else at this moment."
            raise Problem("already_exists", said) from error

    def _require_scope(self, verb: Verb) -> None:
        scope = SCOPES[verb]
        if isinstance(self.request.auth, Caller) and scope not in self.actor.scopes:
            raise Problem("insufficient_scope", f"This takes the scope {scope}.")

    def _repeatable(self, request: Request, body: bytes) -> Repeatable | None:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise Problem(
                "malformed", "Idempotency-Key takes 1 to 255 visible ASCII characters, no blank."
            )
        told = f"{request.method}\n{request.path}\n".encode() + body
        holder = request.auth.prefix if isinstance(request.auth, Caller) else self.actor.reference
        user_id = self.actor.user_id or 0
        return Repeatable(holder, key, user_id, hashlib.sha256(told).digest())

    def _answer(self, done: Done) -> HttpResponse:
        answer = self.read_back(done.reference)
        answer.status_code = done.status
        address = reverse(self.reader_route, kwargs={"reference": done.reference})
        told = self.request.build_absolute_uri(address)
        answer["Content-Location"] = told
        if done.status == HTTPStatus.CREATED:
            answer["Location"] = told
        return answer

    def read_back(self, reference: str) -> HttpResponse:
        """Return what a GET of the object answers now."""
        asked = copy.copy(self.request._request)  # noqa: SLF001 - as above
        asked.method = "GET"
        asked.path = asked.path_info = reverse(self.reader_route, kwargs={"reference": reference})
        asked.META = {key: text for key, text in asked.META.items() if not _ASKED.match(key)}
        asked.GET = QueryDict()
        reading = self.reader()
        reading.request = Request(asked)
        reading.request.user, reading.request.auth = self.request.user, self.request.auth
        reading.actor = self.actor
        reading.args, reading.kwargs = (), {"reference": reference}
        # the names of an address are texts; the stubs know only this view's own
        return reading.get(reading.request, reference=reference)

    def _stale(self, reference: str, moved: RevisionMoved) -> Problem:
        """Return the 412, with the tag of what is there now."""
        tag = self.read_back(reference)["ETag"]
        said = str(moved)
        if not moved.seen:
            said = "If-Match names no version of this: send the ETag you read, or its revision."
        return Problem("revision_moved", said, headers={"ETag": tag})


def writes(operation: Operation) -> Callable[[Work], Handler]:
    """Make a method that does one write the handler of its HTTP method, and describe it."""

    def make(work: Work) -> Handler:
        @described_write(operation)
        @wraps(work)
        def handler(self: Writing, request: Request, reference: str = "") -> HttpResponse:
            return self.perform(request, operation, lambda act: work(self, act), reference)

        return handler

    return make


def _as_sent(wrong: InvalidInput, operation: Operation) -> InvalidInput:
    """Return a refusal under the field's own name in the body."""
    own = SENT_AS.get(wrong.field, wrong.field)
    return wrong if own not in operation.body.fields else InvalidInput(own, wrong.reason)


def _keep(repeatable: Repeatable, answer: HttpResponse) -> None:
    headers = {name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)}
    body = answer.content.decode()
    keep(repeatable, status=answer.status_code, headers=headers, body=body)


def _again(kept: KeptAnswer) -> HttpResponse:
    answer = HttpResponse(kept.body, status=kept.status, content_type=JSON)
    for name, text in kept.headers.items():
        answer[name] = text
    answer["Idempotency-Replayed"] = "true"
    return answer
