import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from config.environment import BadValue

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "only a test, yet long and with many letters: 0123456789",
    "ALLOWED_HOSTS": "desk.example",
}


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the checkout with that environment and no more."""
    values = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=values, capture_output=True, text=True, check=False
    )


def settings_of(*names: str, **environment: str) -> dict[str, Any]:
    """What the settings become in that environment and no more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", environment)
        values = runpy.run_path(str(ROOT / "config" / "settings.py"))
    return {name: values[name] for name in names}


CHECKED = (
    "ALLOWED_HOSTS",
    "DEBUG",
    "DEMONSTRATION",
    "FETCH_ALLOW_PRIVATE",
    "SECRET_KEY",
    "WATCH_MAX_INTERVAL_S",
    "WATCH_MIN_INTERVAL_S",
)


def complaints(environment: Mapping[str, str]) -> list[str]:
    """What the system checks say of the settings in that environment."""
    with override_settings(**settings_of(*CHECKED, **environment)):
        return [str(message) for message in run_checks()]


DEPLOY = ("check", "--deploy", "--tag", "security", "--fail-level", "WARNING")
COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")


@pytest.mark.parametrize(
    ("environment", "is_secure"),
    [(PRODUCTION, True), ({"DEBUG": "1"}, False), (PRODUCTION | {"DEMONSTRATION": "1"}, False)],
)
def test_cookies_need_https_except_on_a_developers_loopback(environment, is_secure):
    assert set(settings_of(*COOKIES, **environment).values()) == {is_secure}


def test_watch_intervals_are_minutes_to_days_unless_told_otherwise():
    names = ("WATCH_FIRST_INTERVAL_S", "WATCH_MIN_INTERVAL_S", "WATCH_MAX_INTERVAL_S")
    assert list(settings_of(*names, **PRODUCTION).values()) == [300, 900, 2_592_000]


def test_only_the_demonstration_carries_a_notice():
    assert settings_of("SITE_NOTICE", **PRODUCTION) == {"SITE_NOTICE": ""}
    shown = settings_of("SITE_NOTICE", **PRODUCTION, DEMONSTRATION="1")["SITE_NOTICE"]
    assert shown.startswith("Demonstration data")


def test_owner_defaults_to_the_applications_database():
    url = "postgresql://stet@db.example/stet"
    databases = settings_of("DATABASES", **PRODUCTION, DATABASE_URL=url)["DATABASES"]
    assert databases["owner"]["USER"] == databases["default"]["USER"] == "stet"


def test_production_settings_pass_djangos_deployment_checks():
    checked = run("manage.py", *DEPLOY, **PRODUCTION)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"WATCH_DAILY_CHANGER_S": "5"}, "Write a number from 60 to 86400"),
        ({"FETCH_REFUSE": "192.0.2.0/99"}, "Write networks in CIDR"),
        ({"WATCH_TICK_S": "soon"}, "Write a number from 1 to 3600"),
    ],
)
def test_values_that_cannot_be_read_are_refused_with_a_hint(wrong, sentence):
    with pytest.raises(BadValue, match=sentence):
        settings_of(**PRODUCTION, **wrong)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ALLOWED_HOSTS": "desk.example"}, "Set SECRET_KEY"),
        (PRODUCTION | {"FETCH_ALLOW_PRIVATE": "10.0.0.1:80"}, "FETCH_ALLOW_PRIVATE opens"),
        (
            PRODUCTION | {"DEMONSTRATION": "1", "FETCH_ALLOW_PRIVATE": "10.0.0.1:80"},
            "FETCH_ALLOW_PRIVATE opens non-public addresses: 10.0.0.1:80",
        ),
        (PRODUCTION | {"WATCH_MAX_INTERVAL_S": "1"}, "WATCH_MIN_INTERVAL_S is longer"),
    ],
)
def test_settings_that_would_hurt_are_refused_with_a_hint(environment, sentence):
    (said,) = complaints(environment)
    assert sentence in said


@pytest.mark.parametrize(
    "wrong", [{"WATCH_TICK_S": "soon"}, {"FETCH_ALLOW_PRIVATE": "10.0.0.1:80"}]
)
def test_no_command_runs_on_refused_settings(wrong):
    refused = run("manage.py", "check", **PRODUCTION, **wrong)
    assert refused.returncode != 0
    assert next(iter(wrong)) in refused.stderr


def test_demonstration_may_name_its_own_loopback():
    environment = PRODUCTION | {"DEMONSTRATION": "1", "FETCH_ALLOW_PRIVATE": "127.0.0.1:8010"}
    assert complaints(environment) == []


def test_web_refuses_to_start_on_settings_that_would_hurt():
    environment = PRODUCTION | {"FETCH_ALLOW_PRIVATE": "127.0.0.1:8010"}
    started = run("-c", "import config.wsgi", **environment)
    assert "FETCH_ALLOW_PRIVATE opens" in started.stderr


def test_snapshots_lie_in_a_folder_unless_another_storage_is_named():
    folder = settings_of("STORAGES", **PRODUCTION, SNAPSHOT_DIR="/srv/snapshots")["STORAGES"]
    assert folder["snapshots"] == {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "/srv/snapshots"},
    }
    named = {"SNAPSHOT_STORAGE": "shelf.Shelf", "SNAPSHOT_STORAGE_OPTIONS": '{"name": "a"}'}
    storages = settings_of("STORAGES", **PRODUCTION, **named)["STORAGES"]
    assert storages["snapshots"] == {"BACKEND": "shelf.Shelf", "OPTIONS": {"name": "a"}}
