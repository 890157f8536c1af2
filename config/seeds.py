"""Load the seed and its curated record through the services, as two named people would.

Everything goes the way a person's work goes: claims are opened, evidence is linked and attested,
statuses are decided by one person or proposed and signed off by two. Loading again changes nothing.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from claims.access import actor_of
from claims.models import Article, Claim, Desk, Evidence, Origin, Proposal, Source, User
from claims.services import (
    articles,
    claims,
    evidence,
    origins,
    people,
    proposals,
    reviews,
    sources,
    status,
)
from claims.services.fields import figure
from claims.services.ledger import recording
from claims.states import ActorKind, ClaimLinkKind, ClaimStatus, Ground, ProposalState, Role, Scope
from claims.types import Actor

FOLDER = Path(__file__).resolve().parent.parent / "seeds"
DESK = "world"
LOOPBACK = "127.0.0.1"
SET_UP = Actor(kind=ActorKind.IMPORT, name="set-up", is_administrator=True)
STAFF = (
    ("edith", "Edith Amsel", "editor", Role.EDITOR),
    ("ravi", "Ravi Nair", "reader", Role.READER),
)
TOKEN_DAYS = 90
Row = Mapping[str, Any]


@dataclass
class Loader:
    """One loading, with what was made so far by the keys of the files."""

    demo_port: int
    desk: Desk
    people: dict[str, User] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return one of the two fact-checkers, as if signed in."""
        return actor_of(self.people[key])


def read(name: str) -> Any:
    """Return one of the seed's files."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    """Return whether the seed is on record."""
    return Article.objects.filter(external_id=read("article")["file"]).exists()


def load(*, demo_port: int, origins_at: str = LOOPBACK) -> dict[str, Any]:
    """Load people, origins, article, claims, sources, evidence and decisions, all or nothing.

    Args:
        demo_port: the first of the outlets' ports.
        origins_at: their host.

    Returns:
        The sign-ins: `people` (username, password, name, role) and a `token`; told this once.
    """
    with transaction.atomic():
        desk = people.add_desk(SET_UP, slug=DESK, name="World desk", time_zone="Europe/Prague")
        loader = Loader(demo_port=demo_port, desk=desk)
        sign_ins = list(_people(loader))
        _origins(loader)
        article = _article(loader)
        _claims(loader, article)
        _sources(loader, host=origins_at)
        _evidence(loader)
        for row in read("decisions"):
            _decide(loader, row)
        user = loader.people["edith"]
        _, token = people.issue_token(
            actor_of(user),
            name="demonstration",
            user=user,
            desk=desk,
            scopes=(Scope.CLAIMS_READ,),
            days=TOKEN_DAYS,
        )
    return {"people": sign_ins, "token": token}


def _people(loader: Loader) -> Iterator[dict[str, str]]:
    checkers = [
        (row["key"], row["name"], "fact-checker", Role.FACT_CHECKER) for row in read("people")
    ]
    for key, name, word, role in [*checkers, *STAFF]:
        user, password = _person(key, name)
        people.set_membership(SET_UP, user=user, desk=loader.desk, role=role)
        loader.people[key] = user
        yield {"username": key, "password": password, "name": name, "role": word}
    user, password = _person("admin", "Ada Minn", is_administrator=True)
    yield {"username": "admin", "password": password, "name": str(user), "role": "administrator"}


def _person(key: str, name: str, *, is_administrator: bool = False) -> tuple[User, str]:
    password = secrets.token_urlsafe(9)
    user = people.add_person(
        SET_UP, username=key, name=name, password=password, is_administrator=is_administrator
    )
    return user, password


def _origins(loader: Loader) -> None:
    for row in read("origins"):
        values = {name: row[name] for name in ("name", "kind", "reliability", "note")}
        values["part_of"] = loader.origins.get(row["part_of"] or "")
        loader.origins[row["key"]] = origins.add_origin(loader.actor("mira"), values=values)


def _article(loader: Loader) -> Article:
    row = read("article")
    text = (FOLDER / row["file"]).read_text(encoding="utf-8")
    return articles.add_article(
        loader.actor("mira"),
        desk=loader.desk,
        text=text,
        values={"title": row["title"], "language": row["language"], "external_id": row["file"]},
    )


def _claims(loader: Loader, article: Article) -> None:
    mira = loader.actor("mira")
    rows = read("claims")
    for row in rows:
        copied = ("statement", "kind", "claimant_text", "as_of_on", "expected_by_on", "language")
        values = {name: row[name] or "" for name in copied}
        values["claimant"] = loader.origins.get(row["claimant"] or "")
        claim = claims.open_claim(mira, desk=loader.desk, values=values, figures=_figures(row))
        loader.claims[row["key"]] = claim
        for start, end in row["spans"]:
            articles.add_appearance(
                mira,
                claim.pk,
                article=article.reference,
                start=start,
                end=end,
                cue=row["cue"] or "",
                hedges=tuple(row["hedges"]),
            )
    for row in rows:
        for link in row["links"]:
            to = loader.claims[link["to"]].reference
            kind = ClaimLinkKind(link["kind"])
            claims.link(mira, loader.claims[row["key"]].pk, kind=kind, to=to)


def _sources(loader: Loader, *, host: str) -> None:
    ports = {row["key"]: loader.demo_port + row["port_offset"] for row in read("outlets")}
    with recording(loader.actor("mira")) as record:
        for row in read("sources"):
            port = ports[row["outlet"]]
            source = sources.link_page(
                f"http://{host}:{port}{row['path']}",
                record=record,
                allow=frozenset({f"{host}:{port}"}),
                title=row["title"],
                publisher=loader.origins[row["publisher"]],
                is_expected_to_change=row["is_expected_to_change"],
                is_fetched=not row["do_not_fetch"],
            )
            loader.sources[f"{row['outlet']}{row['path']}"] = source


def _evidence(loader: Loader) -> None:
    for row in _relayed_first(read("evidence")):
        copied = ("stance", "quote", "locator", "credibility", "language", "translation")
        values = {name: row[name] for name in copied}
        values |= {
            "dispute_kind": row["dispute_kind"] or "",
            "is_primary_record": row["is_primary_record"],
            "origin": loader.origins.get(row["origin"] or ""),
            **_relays(loader, row["relays"]),
        }
        made = evidence.add_evidence(
            loader.actor("mira"),
            loader.claims[row["claim"]].pk,
            values=values,
            source=loader.sources[f"{row['page']['outlet']}{row['page']['path']}"],
            figures=_figures(row),
        )
        loader.evidence[row["key"]] = made
        if row["attested"]:
            by, note = row["attested"]["by"], row["attested"]["note"]
            today = date.today()  # noqa: DTZ011 - the day on the wall of whoever loads
            evidence.attest(loader.actor(by), made.reference, on=today, note=note)


def _relayed_first(rows: list[Row]) -> list[Row]:
    """Order evidence so that what is relayed is there before what relays it."""
    ordered: list[Row] = []
    known: set[str] = set()
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if _is_ready(row, known)]
        if not ready:
            raise ValueError("evidence relays each other in a circle")
        ordered += ready
        known |= {row["key"] for row in ready}
        waiting = [row for row in waiting if row["key"] not in known]
    return ordered


def _is_ready(row: Row, known: set[str]) -> bool:
    kind, _, key = (row["relays"] or "").partition(":")
    return kind != "evidence" or key in known


def _relays(loader: Loader, word: str | None) -> dict[str, object]:
    kind, _, key = (word or "").partition(":")
    if kind == "evidence":
        return {"relays_evidence": loader.evidence[key]}
    return {"relays_origin": loader.origins[key]} if kind == "origin" else {}


def _figures(row: Row) -> list[Any]:
    return [figure("figures", item) for item in row["figures"]]


def _decide(loader: Loader, row: Row) -> None:
    actor, claim = loader.actor(row["by"]), loader.claims[row["claim"]]
    seen = Claim.objects.values_list("revision", flat=True).get(pk=claim.pk)
    to, ground, why = ClaimStatus(row["to"]), Ground(row["ground"]), _named(loader, row)
    match row["move"]:
        case "stands":
            reviews.stands(actor, claim.pk, rationale=why, seen=seen, ground=ground)
        case "propose":
            proposals.propose(actor, claim.pk, to=to, ground=ground, rationale=why, seen=seen)
        case "sign_off":
            proposal = Proposal.objects.get(claim=claim, state=ProposalState.OPEN)
            proposals.sign_off(actor, proposal.reference, version=proposal.version)
        case _:
            status.decide(actor, claim.pk, to=to, ground=ground, rationale=why, seen=seen)


def _named(loader: Loader, row: Row) -> str:
    """Return the rationale with evidence named by its reference: `{key}` in the file."""
    words = str(row["rationale"])
    for key, made in loader.evidence.items():
        words = words.replace(f"{{{key}}}", made.reference)
    return words
