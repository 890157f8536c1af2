"""From the rules' weighing to the drawing of the origin chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from claims.present.chain import ChainLink, ChainNode, Drawing, LinkKind, NodeRole, draw_chain
from claims.present.words import label
from claims.rules import Opinion, Weighed
from claims.states import OriginKind, QuoteState, Reliability, Stance

_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class NamedOrigin:
    """An origin as the drawing shows it, name already fit for its reader."""

    name: str
    kind: OriginKind
    reliability: Reliability = Reliability.F


def drawing_of(
    opinion: Opinion, *, pages: Mapping[str, str], origins: Mapping[str, NamedOrigin]
) -> Drawing:
    """Draw how the support of one claim leads to its origins.

    Args:
        opinion: of the rules; only support, and what it repeats, is drawn.
        pages: name of each piece of evidence, by reference.
        origins: each origin named in a chain, by reference.
    """
    support = [item for item in opinion.weighed if item.evidence.stance is Stance.SUPPORTS]
    facts = {item.evidence.reference: item for item in opinion.weighed}
    shown = dict.fromkeys(name for item in support for name in item.chain)
    counted = {name for item in support if item.counts for name in item.chain}
    nodes = [
        _page(facts[name], title=pages.get(name, name))
        if name in facts
        else _origin(name, origins[name], counts=name in counted)
        for name in shown
    ]
    links = list(dict.fromkeys(link for item in support for link in _links(item, facts=facts)))
    if any(link.end == _NOBODY for link in links):
        nodes.append(
            ChainNode(_NOBODY, "Origin unknown", NodeRole.UNKNOWN, "cannot count", counts=False)
        )
    return draw_chain(nodes, links=links)


def _broken_end(item: Weighed, *, facts: Mapping[str, Weighed]) -> ChainLink | None:
    """Return the step on which the chain breaks: back in a circle, or to nobody known."""
    last = item.chain[-1]
    if last not in facts:
        return None
    back = facts[last].evidence.relays_evidence
    if back in item.chain:
        return ChainLink(last, back, LinkKind.REPEATS)
    return ChainLink(last, _NOBODY, LinkKind.COMES_FROM)


def _page(item: Weighed, *, title: str) -> ChainNode:
    note = label(QuoteState(item.evidence.quote_state))
    return ChainNode(item.evidence.reference, title, NodeRole.PAGE, note, counts=item.counts)


def _origin(name: str, origin: NamedOrigin, *, counts: bool) -> ChainNode:
    """Draw an origin; it counts where some evidence that counts leads to it."""
    is_collective = origin.kind is OriginKind.COLLECTIVE
    note = "collective, cannot count" if is_collective else f"reliability {origin.reliability}"
    return ChainNode(name, origin.name, NodeRole.ORIGIN, note, counts=counts)


def _links(item: Weighed, *, facts: Mapping[str, Weighed]) -> Iterator[ChainLink]:
    for start, end in pairwise(item.chain):
        if end in facts:
            yield ChainLink(start, end, LinkKind.REPEATS)
        elif start in facts:
            relays = facts[start].evidence.relays_origin == end
            yield ChainLink(start, end, LinkKind.REPEATS if relays else LinkKind.COMES_FROM)
        else:
            yield ChainLink(start, end, LinkKind.PART_OF)
    broken = _broken_end(item, facts=facts)
    if broken is not None:
        yield broken
