"""`manage.py pipe STEP`: run one step of the product on JSON lines."""

import json
import os
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import Queue
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from typing_extensions import override

from verifier.errors import WatchError
from verifier.management.steps import STEP_NAMES, open_step
from verifier.management.steps.rows import RowInvalid, Step

AHEAD = 64
FETCHES_AT_ONCE = 8


class Command(BaseCommand):
    """Read JSON lines, run one step on each, write JSON lines in the same order."""

    help = "Run one step on JSON lines, standard input to standard output; needs no database."
    requires_system_checks: list[str] = []

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the step's name."""
        parser.add_argument("step", choices=STEP_NAMES)

    @override
    def handle(self, *_args: object, **options: Any) -> None:
        """Run the step on every line."""
        name = options["step"]
        size = FETCHES_AT_ONCE if name == "fetch-url" else os.cpu_count() or 1
        with ExitStack() as stack:
            step = open_step(name, stack=stack, size=size)
            with open(
                sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False
            ) as lines:
                run_lines(lines, step=step, output=sys.stdout, size=size)


def run_lines(lines: Iterable[str], *, step: Step, output: TextIO, size: int) -> None:
    """Run a step on lines, `size` at once, and write the answers in the order of the lines.

    Each answer is written as soon as it is there, so that a script may wait for it before it sends
    the next line.
    """
    waiting: Queue[Future[str] | None] = Queue(AHEAD)
    writer = threading.Thread(target=_write, args=(waiting, output))
    writer.start()
    try:
        with ThreadPoolExecutor(size) as threads:
            for line in lines:
                if line.strip():
                    waiting.put(threads.submit(answer_to, line, step=step))
    finally:
        waiting.put(None)
        writer.join()


def answer_to(line: str, *, step: Step) -> str:
    """Answer one line: the step's answer under the line's id, or what is wrong with the line."""
    name: dict[str, Any] = {}
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise RowInvalid("a JSON object is wanted")
        name = {"id": row["id"]} if "id" in row else {}
        answer = name | dict(step(row))
    except (WatchError, ValueError, TypeError, RecursionError, OverflowError) as error:
        answer = name | {"error": str(error)}
    return json.dumps(answer)


def _write(waiting: "Queue[Future[str] | None]", output: TextIO) -> None:
    for answer in iter(waiting.get, None):
        output.write(answer.result() + "\n")
        output.flush()
