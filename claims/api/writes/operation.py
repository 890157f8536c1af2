"""One write: what it is called, what is sent, what it takes, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from rest_framework import serializers

from claims.api.writes.fields import Body
from claims.states import Verb
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class Operation:
    """One write of this door.

    Args:
        name: of the operation in the description.
        body: what is sent.
        answers: the object that is answered.
        verb: what it takes; a token needs the scope of it.
        is_matched: it changes what somebody saw, so If-Match is required.
        statuses: it may answer with.
        example: a body.
    """

    name: str
    body: Body
    answers: type[serializers.Serializer[Any]]
    verb: Verb
    is_matched: bool = True
    statuses: tuple[HTTPStatus, ...] = (HTTPStatus.OK,)
    example: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """One write, read and checked: by whom, which object, what is given, which revision was seen.

    `seen` is 0 where the write depends on no version.
    """

    actor: Actor
    reference: str
    given: Mapping[str, Any]
    seen: int = 0

    def some(self, *names: str) -> dict[str, Any]:
        """Return those of some fields that are given."""
        return {name: self.given[name] for name in names if name in self.given}

    def but(self, *names: str) -> dict[str, Any]:
        """Return the fields given without some."""
        return {name: value for name, value in self.given.items() if name not in names}


@dataclass(frozen=True, slots=True)
class Done:
    """What a write made of it: the object that is answered, and how."""

    reference: str
    status: HTTPStatus = HTTPStatus.OK
