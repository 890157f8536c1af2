"""What schemathesis is told of this product, by its hooks; loaded into its own process.

It writes on versions that are there, and a refusal of what is sent as described must have a reason
that no schema can tell: that a reference names something on record, that a cursor is ours, that an
address may be looked at, that two fields go together, that 2.0 is no whole number here. Every other
400 is a fault of the description.
"""

import re
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import Failure

BASE = re.compile(
    "/(status|proposals|proposals/withdraw|close|reopen|withdraw|assign|due|stands)/$"
)
FOR_CAUSE = re.compile(
    "names no |there is no |is no desk's slug|is no cursor|beyond the end|lies in the future"
    "|not both|leave it out with|name one of|an objection is|must be a whole number"
    "|not the number of an entry"
)
PLACES = frozenset({"url", "page_url"})
"""What an address may be is told in whole sentences of its own."""


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Send the present tag where any would do, so that the write is tried."""
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_positive or "If-Match" not in (case.headers or {}):
        return
    path = BASE.sub("/", case.formatted_path)
    headers = {"Authorization": case.headers.get("Authorization", "")} | kwargs.get("headers", {})
    address = f"{case.operation.base_url}{path}"
    answer = requests.get(address, headers={"Authorization": headers["Authorization"]}, timeout=30)
    if "ETag" in answer.headers:
        case.headers["If-Match"] = answer.headers["ETag"]


@schemathesis.check
def refused_for_cause(ctx: Any, response: Any, case: Any) -> None:
    """Fail where what is sent as described is refused for want of a better description."""
    if response.status_code != 400 or case.meta is None:
        return
    if not case.meta.generation.mode.is_positive:
        return
    told = response.json()
    fields = {
        name: reasons for name, reasons in told.get("errors", {}).items() if name not in PLACES
    }
    reasons = [reason for reasons in fields.values() for reason in reasons]
    if "errors" not in told:
        reasons = [told["detail"]]
    others = [reason for reason in reasons if not FOR_CAUSE.search(reason)]
    if others:
        raise Failure(operation=case.operation.label, title="No cause", message=str(others))
