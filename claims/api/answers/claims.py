"""What a claim answers."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.evidence import Evidence
from claims.api.answers.fields import day, maybe, moment, number, text, word
from claims.api.answers.parts import Figure
from claims.api.answers.reviews import Review
from claims.states import (
    Basis,
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    Ground,
    ProposalKind,
    Visibility,
)


class Claimant(serializers.Serializer[Any]):
    """Who says so: an origin on record, the words used for it, or both."""

    reference = maybe()
    name = maybe()
    text = maybe()


class ClaimBasis(serializers.Serializer[Any]):
    """Whether the status still rests on what it rested on."""

    state = word(Basis)
    since_at = moment()
    reason = text()
    independent_origins = number()
    oldest_last_look_at = moment(
        allow_null=True,
        help_text="when the longest-unseen source was looked at; null where one never was. "
        "Moves without the claim's tag: a 304 leaves it as you had it",
    )


class Closed(serializers.Serializer[Any]):
    """Why a claim is no longer worked."""

    at = moment()
    reason = word(CloseReason)


class Related(serializers.Serializer[Any]):
    """How this claim stands to another."""

    kind = word(ClaimLinkKind)
    claim = text()


class PendingProposal(serializers.Serializer[Any]):
    """A change that waits for a second person."""

    reference = text()
    kind = word(ProposalKind)
    to_status = word(ClaimStatus, allow_null=True)
    ground = word(Ground, allow_null=True)
    proposed_at = moment()


class ClaimLinks(serializers.Serializer[Any]):
    """Where the rest of a claim is."""

    history = text()
    evidence = text()


class AppearsIn(serializers.Serializer[Any]):
    """Where a claim appears: code-point offsets into an article's text, the end exclusive."""

    reference = text()
    url = text()
    title = text()
    page_url = maybe()
    start = number()
    end = number()
    quote = text()


class Claim(serializers.Serializer[Any]):
    """One checkable statement and the status a desk gives it.

    Treat corroborated as reported unless its basis holds.
    """

    reference = text()
    url = text()
    desk = text()
    statement = text()
    language = text()
    kind = word(ClaimKind, help_text="fact: it is so; statement: it was said")
    topic = maybe(help_text="a desk's word for what it is about")
    claimant = Claimant(allow_null=True)
    status = word(ClaimStatus)
    status_since_at = moment()
    ground = word(Ground)
    basis = ClaimBasis()
    figures = Figure(many=True)
    as_of_on = day()
    expected_by_on = day()
    review_by_on = day()
    visibility = word(Visibility)
    closed = Closed(allow_null=True)
    replaced_by = maybe(
        help_text="the claim that now stands for a merged or split one, however often that was "
        "merged since; of a split one the first part"
    )
    split_into = serializers.ListField(
        child=text(), help_text="all claims a split one was cut into"
    )
    related = Related(many=True)
    revision = number(allow_null=True, help_text="null as of an earlier entry")
    pending_proposal = PendingProposal(allow_null=True)
    open_flags = number()
    evidence_count = number(help_text="not withdrawn")
    opened_at = moment()
    links = ClaimLinks()
    evidence = Evidence(many=True, required=False, help_text="where expand names it; live ones")
    reviews = Review(many=True, required=False, help_text="where expand names it; open ones")
    articles = AppearsIn(many=True, required=False, help_text="where expand names it")
