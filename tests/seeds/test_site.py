import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from seeds.site.demonstration import Demonstration, PortTaken
from seeds.site.events import load_events
from seeds.site.server import OutletServer

ROOT = Path(__file__).resolve().parents[2]
FIGURE = "/world/fifteen-hundred-soldiers"


class Site:
    """A running demonstration, and how a client sees it."""

    def __init__(self, demonstration: Demonstration) -> None:
        self.demonstration = demonstration

    def ask(self, outlet: str, path: str, method: str = "GET", **headers: str) -> tuple:
        """Status, headers by lower-case name, and body of one request on its own connection."""
        port = self.demonstration.port_of(self.demonstration.outlet(outlet))
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            return (
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read(),
            )

    def press(self, what: str) -> int:
        status: int = self.ask("records", f"/control/{what}", "POST", Content_Length="0")[0]
        return status

    def page(self, event: str) -> tuple:
        """What the page of one event says now."""
        happening = self.demonstration.events[event]
        return self.ask(happening.outlet, happening.path or "/")


def start(state_file: Path) -> Demonstration:
    """A demonstration on the first six free ports in a row that this process finds."""
    for port in range(20_000 + os.getpid() % 1_500 * 6, 32_000, 6):
        demonstration = Demonstration(
            host="127.0.0.1", port=port, state_file=state_file, listen=OutletServer
        )
        try:
            demonstration.start()
        except PortTaken:
            continue
        return demonstration
    raise AssertionError("no six free ports in a row")


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    demonstration = start(tmp_path / "state.json")
    yield Site(demonstration)
    demonstration.stop()


def test_page_carries_validators_and_head_the_same_without_a_body(site):
    status, headers, body = site.ask("herald", FIGURE)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (
        parsedate_to_datetime(headers["last-modified"]).isoformat().startswith("2024-10-18T11:10")
    )
    head_status, head, nothing = site.ask("herald", FIGURE, "HEAD")
    assert (head_status, nothing) == (200, b"")
    assert (head["etag"], head["content-length"]) == (headers["etag"], str(len(body)))


def test_known_version_is_not_sent_again(site):
    _, headers, _ = site.ask("herald", FIGURE)
    status, again, body = site.ask("herald", FIGURE, If_None_Match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    since = headers["last-modified"]
    assert site.ask("herald", FIGURE, If_Modified_Since=since)[0] == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": '"other"'},
        {"If_Modified_Since": "Thu, 17 Oct 2024 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
        {"If_None_Match": '"other"', "If_Modified_Since": "Mon, 21 Oct 2030 00:00:00 GMT"},
    ],
    ids=["other tag", "older date", "no date", "the tag decides"],
)
def test_unknown_version_is_sent_whole(site, headers):
    status, _, body = site.ask("herald", FIGURE, **headers)
    assert status == 200
    assert body


def test_changed_page_is_a_new_version_and_put_back_the_first_one(site):
    _, first, before = site.ask("herald", FIGURE)
    site.press("edit-figure")
    status, second, _ = site.ask("herald", FIGURE, If_None_Match=first["etag"])
    assert status == 200
    assert second["etag"] != first["etag"]
    assert parsedate_to_datetime(second["last-modified"]) > parsedate_to_datetime(
        first["last-modified"]
    )
    site.press("edit-figure/back")
    _, third, after = site.ask("herald", FIGURE, If_Modified_Since=first["last-modified"])
    assert (after, third["etag"]) == (before, first["etag"])


@pytest.mark.parametrize(
    ("event", "status", "now", "no_longer"),
    [
        ("edit-figure", 200, "About 3,000 soldiers from North Korea", "1,500"),
        ("adverts-only", 200, "Quillfeather Nursery", "Thackery"),
        ("agency-withdraws", 200, "Retraction: Norlane Wire has withdrawn", "had reached Russia"),
        ("correction-notice", 200, "Correction: An earlier version", "in Kyiv on Friday"),
        ("remove-sentence", 200, "Afterwards he turned", "Yoon urged"),
        ("page-gone", 404, "This report is not on the wire", "From our intelligence"),
        ("page-moved", 301, "", "국가정보원"),
    ],
)
def test_event_changes_what_it_says_and_put_back_restores_every_byte(
    site, event, status, now, no_longer
):
    before = site.page(event)
    assert no_longer in before[2].decode()
    assert site.press(event) == 303
    during = site.page(event)
    assert during[0] == status
    assert now in during[2].decode()
    assert no_longer not in during[2].decode()
    assert site.press(f"{event}/back") == 303
    after = site.page(event)
    assert (after[0], after[2]) == (200, before[2])


def test_change_of_dress_leaves_the_article_s_words(site):
    quote = "More than 13,000 containers with shells, missiles and anti-tank rockets"
    site.press("adverts-only")
    assert quote in site.page("adverts-only")[2].decode()


def test_copies_of_a_withdrawn_report_stay_as_they_are(site):
    copies = [("herald", FIGURE), ("kestrel", "/world/soldiers-have-arrived")]
    before = [site.ask(*copy)[2] for copy in copies]
    site.press("agency-withdraws")
    assert [site.ask(*copy)[2] for copy in copies] == before


def test_moved_page_answers_under_its_new_address_alone_while_it_is_moved(site):
    new = "/politics/presidential-office/yoon-meeting"
    assert site.ask("garam", new)[0] == 404
    site.press("page-moved")
    assert site.page("page-moved")[1]["location"] == new
    status, _, body = site.ask("garam", new)
    assert status == 200
    assert "국가정보원이 참석한 안보 점검 회의" in body.decode()
    site.press("page-moved/back")
    assert site.ask("garam", new)[0] == 404


def test_outlet_that_is_down_refuses_connections_until_it_is_up(site):
    assert site.press("outlet-down") == 303
    with pytest.raises(ConnectionRefusedError):
        site.ask("svodka", "/")
    assert site.ask("herald", "/")[0] == 200
    assert site.press("outlet-down/back") == 303
    assert site.ask("svodka", "/")[0] == 200


def test_outlet_whose_port_is_taken_meanwhile_stays_down_and_says_so(site):
    site.press("outlet-down")
    svodka = site.demonstration.outlet("svodka")
    with closing(socket.socket()) as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", site.demonstration.port_of(svodka)))
        taker.listen()
        status, _, body = site.ask(
            "records", "/control/outlet-down/back", "POST", Content_Length="0"
        )
        assert status == 409
        assert b"cannot open port" in body
    assert "outlet-down" in site.demonstration.state.done


def test_connection_kept_open_ends_when_its_outlet_goes_down(site):
    port = site.demonstration.port_of(site.demonstration.outlet("svodka"))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as kept:
        kept.request("GET", "/")
        kept.getresponse().read()
        site.press("outlet-down")
        kept.request("GET", "/")
        with pytest.raises(http.client.RemoteDisconnected):
            kept.getresponse()


def test_restart_keeps_what_happened(tmp_path):
    first = start(tmp_path / "state.json")
    for event in ("edit-figure", "outlet-down"):
        first.do(first.events[event])
    first.stop()
    second = start(tmp_path / "state.json")
    try:
        site = Site(second)
        assert "About 3,000 soldiers" in site.page("edit-figure")[2].decode()
        with pytest.raises(ConnectionRefusedError):
            site.ask("svodka", "/")
    finally:
        second.stop()


def test_everything_is_put_back_at_once(site):
    before = [site.page(event) for event in load_events()]
    for event in load_events():
        site.press(event)
    assert set(site.demonstration.state.done) == set(load_events())
    assert site.press("back") == 303
    after = [site.page(event) for event in load_events()]
    assert [answer[2] for answer in after] == [answer[2] for answer in before]


def test_doing_an_event_twice_keeps_the_first_time(site):
    site.press("edit-figure")
    first = site.demonstration.state
    assert site.press("edit-figure") == 303
    assert site.demonstration.state is first


def test_control_state_tells_every_event_and_outlet(site):
    site.press("page-gone")
    status, headers, body = site.ask("records", "/control/state")
    facts = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert [event["key"] for event in facts["events"]] == list(load_events())
    gone = next(event for event in facts["events"] if event["key"] == "page-gone")
    assert gone["now"] == "404, not found"
    assert gone["done_at"]
    assert [outlet["is_listening"] for outlet in facts["outlets"]] == [True] * 6


def test_control_page_has_a_form_for_every_event_and_its_putting_back(site):
    html = site.ask("records", "/control/")[2].decode()
    for event in load_events():
        assert f'action="/control/{event}"' in html
        assert f'action="/control/{event}/back"' in html
    assert 'action="/control/back"' in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("outlet", "path", "method", "status"),
    [
        ("records", "/control/no-such-event", "POST", 404),
        ("records", "/control/edit-figure/sideways", "POST", 404),
        ("records", "/control", "GET", 301),
        ("records", "/letters/committee-briefing-request", "POST", 405),
        ("herald", "/control/edit-figure", "POST", 405),
        ("herald", "/control/", "GET", 404),
        ("herald", "/nowhere", "GET", 404),
        ("herald", "//[", "GET", 404),
        ("herald", "/assets/style.css", "GET", 200),
        ("herald", "/", "PUT", 501),
    ],
)
def test_other_requests_are_answered_for_what_they_are(site, outlet, path, method, status):
    assert site.ask(outlet, path, method)[0] == status
    assert not site.demonstration.state.done


def test_form_of_another_site_presses_no_button(site):
    foreign = {"Origin": "http://evil.test", "Content_Length": "0"}
    assert site.ask("records", "/control/edit-figure", "POST", **foreign)[0] == 403
    assert not site.demonstration.state.done


def test_form_of_its_own_page_presses_the_button(site):
    own = site.demonstration.url_of(site.demonstration.outlet("records"))
    headers = {"Origin": own, "Content_Length": "0"}
    assert site.ask("records", "/control/edit-figure", "POST", **headers)[0] == 303


@pytest.mark.parametrize("size", ["-1", "many", "99999999"])
def test_post_of_a_wrong_size_is_refused(site, size):
    assert site.ask("records", "/control/edit-figure", "POST", Content_Length=size)[0] == 400


def run_site(port: int, state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "seeds.site", "--port", str(port), "--state", str(state)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def free_port(tmp_path) -> int:
    demonstration = start(tmp_path / "unused.json")
    demonstration.stop()
    return demonstration.port


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_its_address_and_ends_cleanly(free_port, tmp_path, ending):
    with run_site(free_port, tmp_path / "state.json") as process:
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(ending)
        _, errors = process.communicate(timeout=20)
    assert first == f"Demonstration site: http://127.0.0.1:{free_port}/control/\n"
    assert (process.returncode, errors) == (0, "")


def test_command_names_the_taken_port_in_one_sentence(site, tmp_path):
    port = site.demonstration.port
    with run_site(port, tmp_path / "other.json") as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert errors.startswith(f"The demonstration site cannot open port {port} of 127.0.0.1")
    assert errors.count("\n") == 1


def test_command_names_an_unreadable_state_in_one_sentence(free_port, tmp_path):
    state = tmp_path / "state.json"
    state.write_text("not a state")
    with run_site(free_port, state) as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert (
        errors == f"{state} is not a state of the demonstration site; delete it to start afresh.\n"
    )
