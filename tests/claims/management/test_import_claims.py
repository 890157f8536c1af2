"""The command that carries claims over from a file."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim


def run(path, *extra, desk="world", user="ada"):
    out, told = StringIO(), StringIO()
    call_command(
        "import_claims", str(path), "--desk", desk, "--user", user, *extra, stdout=out, stderr=told
    )
    return out.getvalue(), told.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text("statement\nOne thing.\nAnother.\n")
    return path


def test_a_file_is_taken_in_and_the_references_are_printed(cast, file):
    out, told = run(file)
    assert out.split() == list(Claim.objects.order_by("pk").values_list("reference", flat=True))
    assert "2 opened, 0 left alone." in told
    out, told = run(file)
    assert (out.strip(), Claim.objects.count()) == ("", 2)
    assert "row 2: on record as ST-" in told


def test_a_dry_run_writes_nothing(cast, file):
    _, told = run(file, "--dry-run")
    assert "2 of 2 rows would be opened." in told
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("statement,kind\nOne.,rumour\n", {}, "1 faults: nothing was imported"),
        ("", {}, "is empty"),
        ("statement\nOne.\n", {"desk": "nowhere"}, "no desk nowhere"),
        ("statement\nOne.\n", {"user": "nobody"}, "no active person nobody"),
        ("statement\nOne.\n", {"user": "dora"}, "may not write"),
    ],
)
def test_what_cannot_be_taken_in_ends_with_the_reason(cast, file, text, options, reason):
    file.write_text(text)
    with pytest.raises(CommandError, match=reason):
        run(file, **options)
    assert not Claim.objects.exists()
