"""The change feed: the ledger page by page, in commit order, each entry exactly once."""

import json

from typing_extensions import override

from claims.api import conditional, json_schema, parameters
from claims.api.answers.entries import ChangePage
from claims.api.description import described, parameter
from claims.api.door import Given, Resource
from claims.api.parameters import MOST_ROWS, MOST_SEQ
from claims.api.shapes.entries import told_text
from claims.queries.feed import feed_page
from claims.states import EntryKind

ENTRIES = 100


@described(
    "follow_changes",
    ChangePage,
    parameter(
        "after",
        "The last seq you have, from next_after; 0 at first.",
        shape=json_schema.whole(least=0, most=MOST_SEQ),
    ),
    parameter(
        "limit",
        "How many entries are looked at, 1 to 200.",
        shape=json_schema.whole(least=1, most=MOST_ROWS),
    ),
    parameter(
        "kinds",
        "Comma-separated: only entries of these kinds; seqs then have gaps.",
        shape=json_schema.names(EntryKind),
    ),
    refusals=(400, 401, 403, 406, 429),
)
class Changes(Resource):
    """What happened after a seq; what its reader may not see is withheld, never skipped."""

    known = ("after", "limit", "kinds")

    @override
    def state(self, **names: str) -> str:
        self.head = self.read_head().seq
        return str(self.head)

    @override
    def body(self, given: Given, **names: str) -> str:
        kinds = given.get("kinds")
        page = feed_page(
            self.actor,
            after=parameters.whole("after", given.get("after", "0"), least=0, most=MOST_SEQ),
            limit=parameters.whole(
                "limit", given.get("limit", str(ENTRIES)), least=1, most=MOST_ROWS
            ),
            head=self.head,
            kinds=() if kinds is None else parameters.members("kinds", kinds, EntryKind),
        )
        entries = ",\n".join(told_text(entry) for entry in page.entries)
        told = {
            "next_after": page.next_after,
            "head": page.head,
            "caught_up": page.is_caught_up,
            "rights": conditional.rights_of(self.actor),
        }
        return f'{{"entries": [{entries}], {json.dumps(told)[1:]}'
