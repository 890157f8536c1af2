"""Load the seed article and its curated record; loading again changes nothing."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from typing_extensions import override

from config import seeds
from config.environment import Environment


class Command(BaseCommand):
    """`load_seeds [--sign-ins FILE]`: the file (mode 0600) tells passwords and token once."""

    help = "Load the seed article, its claims, sources, evidence and decisions."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", type=Path, help="write passwords and a token here")

    @override
    def handle(self, *args: Any, sign_ins: Path | None, **options: Any) -> None:
        if seeds.is_loaded():
            self.stdout.write("The seed is on record already; nothing was changed.")
            return
        demo_port = Environment(os.environ).integer("DEMO_PORT", 8010, minimum=1, maximum=65530)
        told = seeds.load(demo_port=demo_port)
        if sign_ins is None:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        handle = os.open(sign_ins, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=2)
        self.stdout.write(f"Loaded; the sign-ins are in {sign_ins}.")
