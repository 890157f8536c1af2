"""What a hostile page says, on the screens: text and nothing else."""

import ast
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import etree, html

from claims.models import Snapshot, Source
from tests.claims.admin.conftest import Door
from tests.claims.admin.looking import look_at
from tests.claims.cast import make_claim, make_evidence
from tests.hostile.catalogue import case
from verifier.child import ROOT

TRICKS = """<script>alert(1)</script> <img src=x onerror=alert(1)> <svg onload=alert(1)></svg>
<math><mtext></math> <base href="http://evil.example/"> <a href="javascript:alert(1)">x</a>
<meta http-equiv="refresh" content="0;url=http://evil.example/"> </pre></textarea></title>
<style>@import "http://evil.example/"</style> <iframe srcdoc="x"> <form action="//evil.example">"""
QUOTE = "About 1,500 soldiers <script>alert(2)</script> have arrived, the agency said."
SYNTAX = "{{7*7}} {% load x %} {% debug %} %(x)s ${7*7} #{7*7} =HYPERLINK(1)"


@pytest.fixture
def screens(cast):
    """Every screen that shows what the page said, as Ada sees it after a figure was altered."""
    claim = make_claim(cast)
    row = make_evidence(cast, claim, url="https://news.example.org/x", quote=QUOTE)
    look_at(row.source, f"{QUOTE}\n{TRICKS}\n{SYNTAX}", title=SYNTAX)
    found = QUOTE.replace("1,500", "9,500")
    name = look_at(row.source, f"{found}\n{TRICKS}", found=found, title=TRICKS[:400])
    door, source = Door(cast.users["ada"]), row.source.reference
    client: Client = door.client
    return {
        "source": door.get("claims_source_page", source),
        "snapshot": door.get("claims_snapshot_text", source, name),
        "claim": door.get("claims_claim_page", claim.reference),
        "evidence": door.get("claims_evidence_page", claim.reference, row.reference),
        "queue": door.get("claims_queue"),
        "editors": client.get(f"/claims/{claim.reference}/"),
    }


def found(answer: HttpResponse, path: str) -> list[str]:
    """The texts that a path finds on a screen."""
    nodes = html.fromstring(answer.content).xpath(path)
    assert isinstance(nodes, list)
    return [
        "".join(map(str, node.itertext())) if isinstance(node, etree._Element) else str(node)
        for node in nodes
    ]


@pytest.mark.catalogue(61)
def test_no_screen_has_an_element_or_a_handler_of_the_page(screens):
    for name, answer in screens.items():
        assert answer.status_code == 200, name
        handlers = found(answer, "//@*[starts-with(name(), 'on')]")
        leading = found(answer, "//@href | //@src | //@action | //@formaction | //@content")
        led = [place for place in leading if "evil.example" in place or "javascript:" in place]
        assert (handlers, led, found(answer, "//script[contains(., 'alert')]")) == ([], [], [])


@pytest.mark.catalogue(61)
def test_no_screen_lets_the_browser_ask_anybody_else(screens):
    for answer in screens.values():
        policy = answer["Content-Security-Policy"]
        directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert directives["default-src"] in {"'none'", "'self'"}
        assert "unsafe" not in directives["script-src"]
        assert {"http:", "https:", "*"}.isdisjoint(policy.replace(";", " ").split())


@pytest.mark.catalogue(61)
def test_what_the_page_said_is_there_to_be_read(screens):
    (shown,) = found(screens["snapshot"], "//pre")
    assert "<script>alert(1)</script>" in shown
    assert '<meta http-equiv="refresh"' in shown


@pytest.mark.catalogue(64)
def test_the_syntax_of_templates_stays_as_it_was_written(screens):
    assert SYNTAX in found(screens["source"], "//td[@data-label='Title']")


WRITERS = {"csv", "openpyxl", "xlwt", "xlsxwriter", "tablib", "pyexcel", "odf"}
OF_TABLES = {
    "queries/export.py",  # every cell goes through `safe_cell`: tests/claims/queries/test_export.py
    "services/import_files.py",  # reads alone
    "admin/pages/imports.py",  # an empty table: the names of columns
}


@pytest.mark.catalogue(67)
def test_no_other_door_writes_tables_that_a_spreadsheet_would_reckon_with():
    # Whoever adds one must escape cells that begin a formula, and then add it above.
    modules = [path for room in ("claims", "verifier") for path in Path(ROOT, room).rglob("*.py")]
    writing = {path for path in modules if WRITERS & set(imports_of(path))}
    assert {path.relative_to(Path(ROOT, "claims")).as_posix() for path in writing} == OF_TABLES


@pytest.mark.catalogue(67)
def test_a_statement_that_is_a_formula_leaves_as_text(cast):
    make_claim(cast, "=HYPERLINK(1)")
    answer = Door(cast.users["ada"]).get("claims_export", query="?form=csv")
    table = b"".join(answer).decode()
    assert '"\'=HYPERLINK(1)"' in table
    assert '"=' not in table


def imports_of(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return [name.partition(".")[0] for name in names]


COMPARING = """
import sys
from claims.present.diff import diff_of
before, after, times = sys.argv[1:]
diff = diff_of((before * int(times))[:1_000_000], (after * int(times))[:1_000_000])
print(len(diff.rows), diff.is_cut)
"""


@pytest.mark.parametrize(
    ("before", "after", "times"),
    [
        case(68, "a\n", "b\n", 500_000, name="short lines"),
        case(68, "One here is. ", "Two here is. ", 20_000, name="sentences"),
    ],
)
def test_a_comparison_of_two_huge_texts_is_cut_within_its_processor_time(before, after, times):
    done = subprocess.run(
        [sys.executable, "-c", COMPARING, before, after, str(times)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (8, 8)),
    )
    rows, is_cut = done.stdout.split()
    assert int(rows) <= 8_000
    assert is_cut == "True"


@pytest.mark.catalogue(68)
def test_a_cut_comparison_says_so(cast):
    claim = make_claim(cast)
    row = make_evidence(cast, claim, url="https://news.example.org/x", quote="Line 1 of all.")
    lines = [f"Line {number} of all." for number in range(5_000)]
    look_at(row.source, "\n".join(lines))
    look_at(row.source, "\n".join(["Line 7 of all.", *lines[1:]]), found="Line 7 of all.")
    assert Snapshot.objects.filter(source=Source.objects.get()).count() == 2
    shown = Door(cast.users["ada"]).text("claims_claim_page", claim.reference)
    assert "The page is longer than what is compared" in shown
