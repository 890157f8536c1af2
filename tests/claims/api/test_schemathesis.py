"""What the OpenAPI description promises is so, whatever is sent: schemathesis, every check.

It asks a real server, whose writes commit: what one operation made the next one uses.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from claims.services.articles import add_appearance, add_article
from claims.services.reviews import ask_for_review
from claims.states import FlagKind
from config.ports import answers_well
from tests.claims.api.writing import corroborated, writer
from tests.claims.cast import make_cast, make_claim, make_evidence, make_origin
from tests.stack import free_ports
from tests.until import until

ROOT = Path(__file__).resolve().parents[3]
SEED = 20241018
CONFIGURATION = f"--config-file={ROOT / 'schemathesis.toml'}"
COMMAND = (sys.executable, "-m", "schemathesis.cli", CONFIGURATION)
HOOKS = "tests.claims.api.refusals"


@dataclass
class Served:
    """A web server on its own port, and an editor's token for it."""

    port: int
    secret: str
    folder: Path

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run schemathesis with the checks as they are configured for everybody."""
        address = f"http://127.0.0.1:{self.port}/api/v1/schema/"
        given = [
            f"--header=Authorization: Bearer {self.secret}",
            f"--seed={SEED}",
            "--checks=all",
            *options,
        ]
        return subprocess.run(
            [*COMMAND, "run", address, *given],
            cwd=self.folder,
            env=os.environ
            | {"NO_COLOR": "1", "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def served(committed_db, tmp_path) -> Iterator[Served]:
    """The product's own web with one of everything on record."""
    cast = make_cast()
    text = "Soldiers have arrived, they say."
    article = add_article(cast.ada, desk=cast.desk, text=text, values={"title": "A"})
    claim = make_claim(cast, "Soldiers have arrived.", claimant=make_origin(cast, "NIS"))
    add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=21)
    make_evidence(cast, claim, origin=make_origin(cast, "Reuters"))
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    corroborated(cast)
    secret = writer(cast, "cleo", cast.desk).secret
    port = free_ports(1)
    place = {"PORT": str(port), "WEB_WORKERS": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = ["-m", "gunicorn", "--config", "config/gunicorn.py", "tests.claims.api.unhurried"]
    web = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=os.environ | place, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: answers_well(port, "/healthz"))
        yield Served(port, secret, tmp_path)
    finally:
        web.terminate()
        web.wait()


def test_every_promise_of_the_description_holds(served):
    run = served.run("--max-examples=25", "--phases=examples,fuzzing,stateful")
    assert run.returncode == 0, run.stdout


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_every_promise_holds_at_length(served):
    run = served.run("--max-examples=300")
    assert run.returncode == 0, run.stdout
