"""The cast: Ada and Ben check facts, Cleo edits, Dora reads, Omar is of another desk."""

from dataclasses import dataclass, field

from django.conf import settings

from claims.access import actor_of
from claims.api.callers import caller_of, token_row
from claims.models import ApiToken, Claim, Desk, Evidence, Membership, Origin, Source, User
from claims.services.claims import open_claim
from claims.services.edits import EVIDENCE_FIELDS, read
from claims.services.evidence import put_on_claim
from claims.services.ledger import recording
from claims.services.origins import add_origin
from claims.services.settle import lock_claim
from claims.services.sources import link_page
from claims.states import OriginKind, QuoteState, Role, Verb
from claims.types import Actor


def person(username: str, role: Role | None, desk: Desk, *, is_superuser: bool = False) -> User:
    user = User.objects.create_user(
        username,
        password="a long enough password",
        first_name=username.capitalize(),
        is_superuser=is_superuser,
        is_staff=role not in {None, Role.READER} or is_superuser,
    )
    if role is not None:
        Membership.objects.create(user=user, desk=desk, role=role)
    return user


@dataclass
class Cast:
    desk: Desk
    other_desk: Desk
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        return actor_of(self.users[name])


def make_cast() -> Cast:
    world = Desk.objects.create(slug="world", name="World desk")
    sport = Desk.objects.create(slug="sport", name="Sport desk")
    cast = Cast(world, sport)
    for name, role, desk in (
        ("ada", Role.FACT_CHECKER, world),
        ("ben", Role.FACT_CHECKER, world),
        ("cleo", Role.EDITOR, world),
        ("dora", Role.READER, world),
        ("omar", Role.FACT_CHECKER, sport),
    ):
        cast.users[name] = person(name, role, desk)
    cast.users["admin"] = person("admin", None, world, is_superuser=True)
    return cast


def make_claim(cast: Cast, statement: str = "1,500 soldiers have arrived.", **values) -> Claim:
    visibility = values.pop("visibility", None)
    extra = {} if visibility is None else {"visibility": visibility}
    return open_claim(cast.ada, desk=cast.desk, values={"statement": statement, **values}, **extra)


def make_origin(cast: Cast, name: str, **values) -> Origin:
    return add_origin(cast.ada, values={"name": name, "kind": OriginKind.AGENCY, **values})


def make_evidence(
    cast: Cast,
    claim: Claim,
    *,
    origin: Origin | None = None,
    state: QuoteState = QuoteState.STANDING,
    url: str = "",
    **values,
) -> Evidence:
    """Evidence whose quote stands as if the watch had found it."""
    number = Source.objects.count()
    page = url or f"https://page{number}.example.org/story"
    checked = read({"quote": "about 1,500 soldiers", "origin": origin, **values}, EVIDENCE_FIELDS)
    with recording(cast.ada) as record:
        locked = lock_claim(cast.ada, claim.pk, verb=Verb.WRITE)
        source = link_page(page, record=record, allow=settings.FETCH_ALLOW_PRIVATE)
        row = Evidence(
            claim=locked, source=source, quote_state=state, created_by=cast.users["ada"], **checked
        )
        put_on_claim(row, record=record)
    row.refresh_from_db()
    return row


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def acting(token: ApiToken) -> Actor:
    """Who a token acts for."""
    row = token_row(token.prefix)
    assert row is not None
    return caller_of(row).actor
