"""The door's own address: where everything else is."""

import json

from typing_extensions import override

from claims.api.answers.envelopes import Addresses
from claims.api.description import described
from claims.api.door import Given, Resource

NAMES = ("claims", "evidence", "sources", "articles", "reviews", "changes", "schema", "docs")


@described("list_addresses", Addresses, refusals=(400, 401, 403, 406, 429))
class Index(Resource):
    """Where everything is."""

    @override
    def state(self, **_names: str) -> str:
        return "index"

    @override
    def body(self, given: Given, **names: str) -> str:
        base = self.asked.base
        return json.dumps({name: f"{base}{name}/" for name in NAMES})
