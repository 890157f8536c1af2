"""`manage.py pipe STEP`: JSON lines in, JSON lines out, in order, whatever comes."""

import io
import json
import os
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command

from tests.hostile.answers import ROUTES
from tests.hostile.server import Server
from verifier.child import ROOT
from verifier.management.commands.pipe import run_lines
from verifier.management.steps import STEP_NAMES, open_step


def pipe(name: str, *lines: object) -> list[dict]:
    given = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    with ExitStack() as stack, io.StringIO() as output:
        step = open_step(name, stack=stack, size=2)
        run_lines(given, step=step, output=output, size=2)
        return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_url_is_judged_with_the_names_it_is_given():
    dns = {"news.example": ["93.184.216.34"], "inside.example": ["10.0.0.1"]}
    urls = ["http://news.example/", "http://inside.example/", "http://no.example/"]
    rows = [{"id": place, "url": url, "dns": dns} for place, url in enumerate(urls)]
    found = pipe("check-url", *rows)
    assert [(row["id"], row["decision"], row["connect"]) for row in found] == [
        (0, "fetch", "93.184.216.34"),
        (1, "refuse", ""),
        (2, "refuse", ""),
    ]
    assert [bool(row["reason"]) for row in found] == [False, True, True]


def test_a_bad_line_is_answered_with_an_error_and_the_rest_goes_on():
    fine = {"id": "last", "url": "http://8.8.8.8/", "dns": {}}
    found = pipe(
        "check-url",
        "no json",
        "[1]",
        '"\ud800"',
        "",
        {"id": 4},
        {"id": 5, "url": 6, "dns": {}},
        {"id": 6, "url": "http://a.example/", "dns": []},
        "[" * 100_000,
        fine,
    )
    assert [row.get("id") for row in found] == [None, None, None, 4, 5, 6, None, "last"]
    assert ["error" in row for row in found] == [True] * 7 + [False]
    assert "url" in found[4]["error"]


def test_no_lines_give_no_answers():
    assert pipe("check-url") == []


@pytest.mark.parametrize("name", STEP_NAMES)
def test_every_step_that_is_named_is_there(name):
    (found,) = pipe(name, {"id": 1})
    assert found.keys() == {"id", "error"}


def test_an_unknown_step_is_told_the_known_ones():
    with pytest.raises(CommandError, match=r"check-url.*extract-text"):
        call_command("pipe", "guess")


def test_the_command_reads_standard_input_and_writes_standard_output():
    given = b'{"id": 1, "url": "http://8.8.8.8/", "dns": {}}\n\xff\xfe\n'
    done = subprocess.run(
        [sys.executable, "manage.py", "pipe", "check-url"],
        input=given,
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["connect"]) == (1, "8.8.8.8")
    assert second.keys() == {"error"}


def test_an_answer_comes_before_the_next_line_is_sent():
    lines_out, lines_in = os.pipe()
    answers_out, answers_in = os.pipe()

    def run() -> None:
        with ExitStack() as stack:
            lines = stack.enter_context(os.fdopen(lines_out))
            output = stack.enter_context(os.fdopen(answers_in, "w"))
            step = open_step("classify-notice", stack=stack, size=1)
            run_lines(lines, step=step, output=output, size=1)

    running = threading.Thread(target=run)
    running.start()
    with os.fdopen(lines_in, "w") as lines, os.fdopen(answers_out) as answers:
        for number in range(3):
            lines.write(json.dumps({"id": number, "text": "Correction: it was 3."}) + "\n")
            lines.flush()
            assert json.loads(answers.readline())["id"] == number
        lines.close()
        assert answers.readline() == ""
    running.join()


SENTENCE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."


def html(sentence: str) -> str:
    return f"<html><title>News</title><body><article><p>{sentence}</p></article></body></html>"


def test_text_is_extracted():
    (found,) = pipe("extract-text", {"id": 1, "url": "http://a.example/", "html": html(SENTENCE)})
    assert found.keys() == {"id", "text", "title", "published_at", "modified_at"}
    assert SENTENCE in found["text"]


def test_a_revision_is_assessed():
    row = {
        "id": 1,
        "url": "http://a.example/",
        "before": html(SENTENCE),
        "after": html(SENTENCE.replace("1,500", "3,000")),
        "quotes": [{"qid": "q", "text": SENTENCE}],
    }
    (found,) = pipe("assess-revision", row)
    assert found.keys() == {"id", "changed", "significant", "notice", "quotes"}
    assert (found["changed"], found["significant"]) == (True, True)
    assert found["notice"]["kind"] == "none"
    assert [(quote["qid"], quote["state"]) for quote in found["quotes"]] == [("q", "altered")]


def test_pages_are_fetched_within_their_own_limits():
    with Server(ROUTES) as server:
        paths = ["/fine", "/not-found", "/silent", "/endless", "/to-metadata", "/a", "/zip-cut"]
        limits = {"seconds": 2, "bytes": 100_000, "redirects": 3}
        rows = [
            {"id": path, "url": server.url(path), "allow": [server.authority], "limits": limits}
            for path in paths
        ]
        found = pipe("fetch-url", *rows, {"id": "inside", "url": server.url("/fine")})
    assert {row["id"]: (row["outcome"], row["status"]) for row in found} == {
        "/fine": ("ok", 200),
        "/not-found": ("error", 404),
        "/silent": ("timeout", 0),
        "/endless": ("too_large", 200),
        "/to-metadata": ("refused", 301),
        "/a": ("redirect_loop", 301),
        "/zip-cut": ("bad_content", 200),
        "inside": ("refused", 0),
    }
    assert "1,500 soldiers" in found[0]["text"]


@pytest.mark.parametrize(
    "row", [{"limits": {"seconds": "x"}}, {"limits": []}, {"allow": "x"}, {"url": None}]
)
def test_a_fetch_that_is_asked_for_wrongly_is_an_error(row):
    (found,) = pipe("fetch-url", {"id": 1, "url": "http://8.8.8.8:1/"} | row)
    assert found.keys() == {"id", "error"}


def test_a_review_is_marked_up_with_what_is_known_and_a_bad_line_says_why():
    whole = {
        "id": 1,
        "claim": "</script>It is so.",
        "speaker": "NIS",
        "claim_date": "2024-10-18",
        "appearance_url": "https://a.example/",
        "rating": {"value": 1, "best": 5, "worst": 1, "label": "False"},
        "review_url": "https://desk.example/1",
        "review_date": "2024-10-19",
        "publisher": {"name": "The Desk", "url": "https://desk.example/"},
    }
    unknown = dict.fromkeys(whole) | {"id": 2, "claim": "It is so."}
    reported = unknown | {"id": 3, "rating": {"label": "Reported"}}
    worded = unknown | {"id": 4, "rating": {"value": True}}
    found = pipe("claim-review", whole, unknown, reported, worded)
    assert found[0]["jsonld"]["reviewRating"]["ratingValue"] == 1
    assert found[0]["html"].count("</script>") == 1
    assert found[1]["jsonld"].keys() == {"@context", "@type", "claimReviewed"}
    assert ["error" in row for row in found] == [False, False, True, True]
