"""`check-url`: would a URL be fetched, and from which address?"""

from collections.abc import Sequence
from contextlib import ExitStack

from verifier.errors import NameUnknown
from verifier.fetch import judge
from verifier.management.steps.rows import Row, Step, wanted
from verifier.types import Guard


def open_step(_stack: ExitStack, *, size: int) -> Step:  # noqa: ARG001 - the steps' one signature
    """Return the step."""
    return check_url


def check_url(row: Row) -> Row:
    """Say whether a URL would be fetched, and from which address, with `dns` as the resolver."""
    dns = wanted(row, "dns", dict)

    def resolve(host: str, _port: int) -> Sequence[str]:
        addresses = dns.get(host) or dns.get(host.removesuffix("."))
        if not addresses:
            raise NameUnknown(f"{host}: the name has no address.")
        return [str(address) for address in addresses]

    verdict = judge(wanted(row, "url", str), guard=Guard(resolve=resolve))
    decision = "fetch" if verdict.connect else "refuse"
    return {"decision": decision, "connect": verdict.connect, "reason": verdict.reason}
