import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_module_is_one_sentence_with_its_remedy(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    assert bootstrap.refuse().startswith(
        f"Python's {module} module is missing: install it (apt-get install python3-venv)"
    )


def test_old_python_is_one_sentence(monkeypatch):
    monkeypatch.setattr(bootstrap, "OLDEST", (4, 0))
    assert bootstrap.refuse().startswith("Stet needs Python 4.0 or newer and this is 3.")


def test_this_python_is_good_enough():
    assert not bootstrap.refuse()


def test_packages_already_there_are_known_by_their_hashes(tmp_path):
    stamp = tmp_path / "installed.json"
    stamp.write_text(json.dumps({"requirements.txt": "abc"}))
    python = Path(sys.executable)
    assert bootstrap.installed(stamp, python=python) == {"requirements.txt": "abc"}


@pytest.mark.parametrize("stamp", ["", "{broken", None])
def test_unreadable_stamp_counts_as_nothing_installed(tmp_path, stamp):
    path = tmp_path / "installed.json"
    if stamp is not None:
        path.write_text(stamp)
    assert bootstrap.installed(path, python=Path(sys.executable)) == {}


def test_packages_of_another_python_count_as_nothing_installed(tmp_path):
    stamp = tmp_path / "installed.json"
    stamp.write_text(json.dumps({"requirements.txt": "abc"}))
    assert bootstrap.installed(stamp, python=tmp_path / "no-python") == {}


def test_bootstrap_needs_nothing_but_the_standard_library():
    words = "import runpy; runpy.run_path('config/bootstrap.py', run_name='looked at')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", words], cwd=ROOT, check=False)
    assert done.returncode == 0
