"""What the desk's pages cost with 10,000 claims, and with a million."""

import argparse
import secrets
import subprocess
import sys

from benchmarks.desk_costs import Cost, read, show
from benchmarks.place import ROOT, manage, private_database

FIRST = 10_000


def costs_of(pages: str, *, claims: int) -> dict[str, Cost]:
    """Measure pages on a database of their own, with production settings.

    Args:
        pages: a module of this package whose `main` builds the record (`desk_record.build`) and
            prints the pages' costs (`desk_costs.written`) as its last line.
        claims: how many the record has.
    """
    with private_database() as place:
        environment = place | {
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_hex(32),
            "ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        inside = f"import django; django.setup(); from benchmarks.{pages} import main; main()"
        words = [sys.executable, "-c", inside, str(claims)]
        done = subprocess.run(
            words, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return read(done.stdout.splitlines()[-1])


def compare(pages: str) -> None:
    """Print what pages cost beside a record of 10,000 claims, and of `--claims`."""
    parser = argparse.ArgumentParser(prog=pages)
    parser.add_argument("--claims", type=int, default=1_000_000)
    sizes = (FIRST, parser.parse_args().claims)
    small, large = (costs_of(pages, claims=claims) for claims in sizes)
    show(small, large, sizes=sizes)


def main() -> None:
    """Measure the desk's pages."""
    compare("desk_pages")
