"""No connection where none may go: literals, names, redirects, the environment, the proxy."""

import ast
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.states import Outcome
from tests.hostile.answers import PAGE, ROUTES, redirect, whole
from tests.hostile.server import Server, Visitor
from verifier.addresses import read_url
from verifier.child import ROOT
from verifier.errors import NameUnknown
from verifier.fetch import Fetcher, fetch, fetch_many
from verifier.fetch.exchanges import Exchange
from verifier.types import FetchRequest, Guard, Limits

LIMITS = Limits(total_s=2.0, connect_s=1.0)


@pytest.fixture
def canary(flock):
    return flock[0]


def resolver(**names: list[str]):
    def resolve(host, _port):
        try:
            return names[host.partition(".")[0]]
        except KeyError:
            raise NameUnknown(f"{host}: no address") from None

    return resolve


WRITTEN = """
127.0.0.1 127.1 2130706433 0x7f.1 0177.0.0.1 ①②⑦.⓪.⓪.① [::ffff:127.0.0.1] localhost 0.0.0.0 [::1]
good.example@127.0.0.1 127.0.0.1\\@good.example [::ffff:7f00:1] [0:0:0:0:0:0:0:1] 127.0.0.1.
"""


@pytest.mark.catalogue(10, 11, 12, 14)
@pytest.mark.parametrize("host", WRITTEN.split())
def test_no_way_of_writing_the_loopback_reaches_it(flock, host):
    for canary in flock:
        got = fetch(FetchRequest(f"http://{host}:{canary.port}/"), limits=LIMITS, guard=Guard())
        assert got.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}


@pytest.mark.catalogue(22, 24)
@pytest.mark.parametrize("order", [1, -1], ids=["private first", "private last"])
def test_no_name_leads_to_the_machines_own_addresses(flock, order):
    for canary in flock:
        addresses = [canary.address, "93.184.216.34"][::order]
        guard = Guard(resolve=lambda *_, answer=addresses: answer)
        url = f"http://decoy.example:{canary.port}/"
        got = fetch(FetchRequest(url), limits=LIMITS, guard=guard)
        assert (got.outcome, got.hops) == (Outcome.BLOCKED_ADDRESS, ())


@pytest.mark.catalogue(25)
def test_a_name_that_moves_inside_between_two_looks_is_not_followed(flock):
    # The same port on two of the machine's addresses: the first may be opened, by the list.
    inside = flock[-1]
    answers = iter([["127.0.0.1"], [inside.address]])
    with Server(ROUTES, port=inside.port, keeps_alive=True) as server:
        guard = Guard(allow=server.allow, resolve=lambda *_: next(answers))
        request = FetchRequest(f"http://moving.example:{inside.port}/fine")
        with Fetcher(limits=LIMITS, guard=guard) as door:
            looks = [got for _ in range(2) for _, got in door.look([request])]
    assert [got.outcome for got in looks] == [Outcome.CHANGED, Outcome.BLOCKED_ADDRESS]
    assert looks[1].hops == ()


def test_only_the_allowed_port_of_a_private_address_is_opened(flock, server):
    guard = Guard(allow=server.allow)
    allowed = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    assert allowed.outcome is Outcome.CHANGED
    for canary in flock:
        other = fetch(FetchRequest(f"http://{canary.authority}/"), limits=LIMITS, guard=guard)
        assert other.outcome is Outcome.BLOCKED_ADDRESS


@pytest.mark.catalogue(24, 27)
@pytest.mark.parametrize(
    ("addresses", "outcome"),
    [
        (["93.184.216.34", "127.0.0.1"], Outcome.BLOCKED_ADDRESS),
        (["127.0.0.1"], Outcome.BLOCKED_ADDRESS),
        (["169.254.169.254"], Outcome.BLOCKED_ADDRESS),
        (["168.63.129.16"], Outcome.BLOCKED_ADDRESS),
        (["fd00:ec2::254"], Outcome.BLOCKED_ADDRESS),
        (["::ffff:169.254.169.254"], Outcome.BLOCKED_ADDRESS),
        (["64:ff9b::7f00:1"], Outcome.BLOCKED_ADDRESS),
    ],
)
def test_a_name_with_one_refused_address_is_refused_whole(addresses, outcome):
    guard = Guard(resolve=resolver(news=addresses))
    got = fetch(FetchRequest("http://news.example/"), limits=LIMITS, guard=guard)
    assert (got.outcome, got.hops) == (outcome, ())


@pytest.mark.catalogue(22)
def test_a_public_address_of_our_own_is_refused_where_it_is_listed():
    guard = Guard(refuse=("93.184.216.0/24",), resolve=resolver(own=["93.184.216.34"]))
    got = fetch(FetchRequest("http://own.example/"), limits=LIMITS, guard=guard)
    assert got.outcome is Outcome.BLOCKED_ADDRESS


@pytest.mark.catalogue(23)
def test_an_unknown_name_is_a_matter_of_dns():
    got = fetch(FetchRequest("http://no.example/"), limits=LIMITS, guard=Guard(resolve=resolver()))
    assert got.outcome is Outcome.DNS


@pytest.mark.catalogue(25)
def test_the_socket_guard_refuses_an_address_that_was_never_judged():
    # What rebinding amounts to: the name was judged by one address, the connection has another.
    exchange = Exchange(
        url=read_url("http://news.example/"), addresses=(), guard=Guard(), limits=LIMITS
    )
    opened = exchange._open_socket(0, (socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", 80)))
    assert (opened, exchange.refused) == (-1, 1)


@pytest.mark.catalogue(25)
def test_a_name_is_resolved_once_and_the_connection_goes_there(server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    name = f"news.example:{server.authority.rpartition(':')[2]}"
    guard = Guard(allow=frozenset({name}), resolve=lambda *_: next(answers))
    got = fetch(FetchRequest(f"http://{name}/fine"), limits=LIMITS, guard=guard)
    assert (got.outcome, got.hops[0].peer) == (Outcome.CHANGED, server.authority)


@pytest.mark.catalogue(26)
def test_a_resolver_that_hangs_ends_at_the_total_limit_and_the_next_look_works(server):
    release = threading.Event()

    def hang(_host, _port):
        release.wait(10)
        return []

    guard = Guard(allow=server.allow, resolve=hang)
    limits = Limits(total_s=0.3)
    hung = fetch(FetchRequest("http://news.example/"), limits=limits, guard=guard)
    fine = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    release.set()
    assert (hung.outcome, fine.outcome) == (Outcome.TIMEOUT, Outcome.CHANGED)


@pytest.mark.catalogue(31)
@pytest.mark.parametrize("location", ["http://{}/", "//{}/", "http://user@{}/"])
def test_a_redirect_into_the_private_network_is_not_followed(canary, location):
    with Server({"/": redirect(location.format(canary.authority))}) as server:
        guard = Guard(allow=server.allow)
        got = fetch(FetchRequest(server.url("/")), limits=LIMITS, guard=guard)
    assert (got.outcome, len(got.hops)) == (Outcome.REDIRECT_BLOCKED, 1)


@pytest.mark.catalogue(31)
def test_a_redirect_to_a_name_that_leads_inside_is_not_followed():
    with Server({"/": redirect("http://inside.example/")}) as server:
        guard = Guard(allow=server.allow, resolve=resolver(inside=["10.0.0.1"]))
        got = fetch(FetchRequest(server.url("/")), limits=LIMITS, guard=guard)
    assert got.outcome is Outcome.REDIRECT_BLOCKED


@pytest.mark.catalogue(49)
@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_ignored(canary, server, monkeypatch, name):
    monkeypatch.setenv(name, f"http://{canary.authority}")
    guard = Guard(allow=server.allow)
    got = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    assert got.outcome is Outcome.CHANGED


@pytest.mark.catalogue(49)
def test_a_netrc_is_ignored(server, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=Guard(allow=server.allow))
    assert "authorization" not in server.heads[-1].lower()


def tunnel(visitor: Visitor) -> None:
    visitor.send(b"HTTP/1.1 200 Connected\r\n\r\n" + whole(PAGE))


def proxied(proxy: Server, *, url: str = "http://news.example/fine"):
    guard = Guard(proxy=f"http://{proxy.authority}")
    return fetch(FetchRequest(url), limits=LIMITS, guard=guard)


def test_with_a_proxy_every_request_goes_through_its_tunnel():
    with Server({"news.example:80": tunnel}) as proxy:
        got = proxied(proxy)
    assert (got.outcome, got.body) == (Outcome.CHANGED, PAGE)
    assert proxy.heads[0].startswith("CONNECT news.example:80 ")


@pytest.mark.catalogue(49)
def test_no_proxy_in_the_environment_leads_around_the_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NO_PROXY", "*")
    with Server({"news.example:80": tunnel}) as proxy:
        assert proxied(proxy).outcome is Outcome.CHANGED


@pytest.mark.catalogue(50)
@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 403 Denied\r\nContent-Length: 0\r\n\r\n", b"", b"garbage\r\n\r\n"],
)
def test_a_proxy_that_refuses_fails_closed(answer):
    with Server({"news.example:80": answer}) as proxy:
        assert proxied(proxy).outcome is Outcome.PROXY


@pytest.mark.catalogue(50)
def test_a_proxy_that_is_down_fails_closed(server):
    guard = Guard(allow=server.allow, proxy="http://127.0.0.1:1")
    got = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    assert (got.outcome, server.heads) == (Outcome.PROXY, [])


@pytest.mark.catalogue(50)
@pytest.mark.parametrize("proxy", ["nonsense", "http://no.example:3128"])
def test_a_proxy_that_cannot_be_found_fails_closed(server, proxy):
    guard = Guard(allow=server.allow, proxy=proxy, resolve=resolver())
    got = fetch(FetchRequest(server.url("/fine")), limits=LIMITS, guard=guard)
    assert (got.outcome, server.heads) == (Outcome.PROXY, [])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://10.0.0.1/", "http://news.example:22/"]
)
def test_behind_a_proxy_an_address_that_is_written_out_is_still_judged(url):
    with Server({}) as proxy:
        assert proxied(proxy, url=url).outcome is Outcome.BLOCKED_ADDRESS
        assert proxy.heads == []


NETWORK = {
    "socket",
    "pycurl",
    "http",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
}
MAY_SPEAK = {"urllib.parse", "http"}


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_nothing_else_in_the_record_or_the_watch_can_open_a_connection():
    modules = [path for room in ("claims", "verifier") for path in Path(ROOT, room).rglob("*.py")]
    speaking = {
        str(path.relative_to(ROOT))
        for path in modules
        for name in imports_of(path)
        if name.partition(".")[0] in NETWORK | {"urllib"} and name not in MAY_SPEAK
    }
    assert speaking
    assert {path for path in speaking if not path.startswith("verifier/fetch/")} == set()


def test_no_descriptor_is_left_behind(server):
    def look():
        paths = ["/fine", "/reset", "/too-short", "/to-fine", "/to-redis", "/bomb", "/ssh"]
        requests = [FetchRequest(server.url(path)) for path in paths]
        requests += [FetchRequest("http://no.example/"), FetchRequest("http://127.0.0.1/")]
        guard = Guard(allow=server.allow, resolve=resolver())
        fetch_many(requests, limits=LIMITS, guard=guard)

    look()
    before = own_descriptors()
    for _ in range(10):
        look()
    assert own_descriptors() == before


def own_descriptors() -> int:
    """Descriptors of this process but the sockets of the server under test, which come and go."""
    return len([fd for fd in Path("/proc/self/fd").iterdir() if is_fixed(fd)])


def is_fixed(fd: Path) -> bool:
    try:
        return not str(fd.readlink()).startswith("socket:")
    except OSError:
        return False


@pytest.mark.catalogue(51)
def test_of_200_pages_of_one_host_two_at_most_are_asked_for_at_once():
    pages = {f"/{number}": whole(PAGE) for number in range(200)}
    with Server(pages) as server:
        requests = [FetchRequest(server.url(path)) for path in pages]
        got = fetch_many(requests, limits=Limits(), guard=Guard(allow=server.allow))
    assert {item.outcome for item in got} == {Outcome.CHANGED}
    assert server.most_at_once <= 2
