from config import reset
from config.lock import alone


def keep_something(state):
    for name in ("venv/bin", "logs", "snapshots/ab", "services/data"):
        (state / name).mkdir(parents=True)
    for name in ("sign-ins.json", "secret-key", "site.json", "venv.lock"):
        (state / name).touch()


def test_reset_forgets_everything_but_the_packages(folder):
    keep_something(folder)
    assert reset.main({"STATE_DIR": str(folder)}) == 0
    assert {path.name for path in folder.iterdir()} == {"run.lock", "venv", "venv.lock"}


def test_reset_before_the_first_run_is_no_error(folder):
    assert reset.main({"STATE_DIR": str(folder / "never")}) == 0


def test_reset_beside_a_run_is_refused_and_forgets_nothing(folder, capsys):
    keep_something(folder)
    with alone(folder):
        assert reset.main({"STATE_DIR": str(folder)}) == 1
    assert "Nothing was reset. Stet already runs from" in capsys.readouterr().out
    assert (folder / "services" / "data").is_dir()
