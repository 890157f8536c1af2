"""What every address of this door does first and last: who asks, what for, what they hold already.

An answer that its caller holds (If-None-Match) is a 304 from indexed reads alone: the token, the
rights, and the state the answer depends on. Nothing is built before that is known.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from claims.api import conditional, parameters
from claims.api.authentication import BearerToken, actor_of_request
from claims.api.callers import Caller
from claims.api.matching import tag_with
from claims.api.pace import Pace
from claims.api.problems import answer_problem
from claims.api.shapes.parts import Asked
from claims.queries.ledger import Head, read_head
from claims.types import Actor

JSON = "application/json"

Given = Mapping[str, str]


class Door(APIView):
    """Refusals as problem details, and headers that keep shared caches away."""

    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    http_method_names = ["get", "head", "post", "put", "patch"]

    @override
    def get_exception_handler(self) -> Any:
        return answer_problem

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, **kwargs)
        if not answer.has_header("Cache-Control"):
            # kept, but asked after every time: a status may change at any moment
            answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        return answer


class UnknownAddress(Door):
    """Every address under this door that names nothing."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise Http404


class ForKnown(Door):
    """An address for those who say who they are, at their pace."""

    authentication_classes = (BearerToken, SessionAuthentication)
    permission_classes = (IsAuthenticated,)

    actor: Actor
    pace: Pace | None = None

    @override
    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.actor = actor_of_request(request)

    @override
    def check_throttles(self, request: Request) -> None:
        by = request.auth
        self.pace = Pace.of(by.prefix if isinstance(by, Caller) else self.actor.reference)
        self.pace.require()

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, **kwargs)
        if self.pace is not None:
            if answer.status_code in {304, 429}:
                self.pace = self.pace.given_back()
            for name, text in self.pace.headers().items():
                answer[name] = text
        return answer

    @property
    def asked(self) -> Asked:
        """Who asks, and where this door stands."""
        return Asked(self.actor, self.request.build_absolute_uri(reverse("api-index")))


class Resource(ForKnown):
    """One thing to read. Subclasses say what it depends on and what it answers."""

    known: ClassVar[Collection[str]] = ()
    media_type: ClassVar[str] = JSON
    modified_at: datetime | None = None
    """When what is answered changed last, at the latest: set by `state`, where it is known."""
    revision: int | None = None
    """Of what is answered, where it has one: set by `state`, told in the tag, matched by writes."""

    def get(self, request: Request, **names: str) -> HttpResponse:
        """Answer 304 to who holds this answer, else the answer with its tag."""
        given = parameters.checked(request.query_params, known=self.known)
        rights = conditional.rights_of(self.actor)
        state = self.state(**names)
        tag = conditional.tag_of(request, state=state, rights=rights)
        if self.revision is not None:
            tag = tag_with(tag, self.revision)
        if conditional.is_held(request, tag, modified=self.modified_at):
            return conditional.not_modified(tag, modified=self.modified_at)
        response = HttpResponse(self.body(given, **names), content_type=self.media_type)
        return conditional.stamped(response, tag, self.modified_at)

    def state(self, **_names: str) -> str:
        """Return the state the answer depends on: of the whole record, where nothing less tells."""
        return str(self.read_head().seq)

    def read_head(self) -> Head:
        """Return where the ledger ends; nothing here has changed since its last entry."""
        head = read_head()
        self.modified_at = conditional.modified_at(head)
        return head

    def body(self, given: Given, **names: str) -> str:
        """Return the answer as JSON text."""
        raise NotImplementedError
