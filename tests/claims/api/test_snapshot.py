"""The OpenAPI description changes on purpose only.

`python -m tests.claims.api.test_snapshot` writes `openapi.json` anew: read the difference before it
is committed, for it is what every client sees.
"""

import importlib
import json
import os
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("openapi.json")
REMEDY = (
    "The description changed: run `python -m tests.claims.api.test_snapshot` and read the diff."
)


def told() -> str:
    from claims.api.description import description  # noqa: PLC0415 - Django is set up first

    return json.dumps(description(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_description_is_the_one_on_record():
    assert SNAPSHOT.read_text(encoding="utf-8") == told(), REMEDY


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    importlib.import_module("django").setup()
    SNAPSHOT.write_text(told(), encoding="utf-8")
