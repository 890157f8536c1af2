import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the services' own user can reach, with a short path."""
    path = Path(tempfile.mkdtemp(prefix="stet-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
