from pathlib import Path

import pytest

from config.environment import BadValue, Environment


@pytest.mark.parametrize(
    ("word", "expected"),
    [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("off", False), ("", False)],
)
def test_flag_reads_yes_and_no(word, expected):
    assert Environment({"DEBUG": word}).flag("DEBUG") is expected


@pytest.mark.parametrize("word", ["2", "maybe", "tru", "1;0"])
def test_flag_refuses_other_words_with_a_hint(word):
    with pytest.raises(BadValue, match=r"DEBUG: .* neither yes nor no\. Write 1 or 0\."):
        Environment({"DEBUG": word}).flag("DEBUG")


@pytest.mark.parametrize(("word", "expected"), [("", 7.0), ("2.5", 2.5), ("0", 0.0), ("10", 10.0)])
def test_number_within_its_bounds_is_read(word, expected):
    assert Environment({"PAUSE": word}).number("PAUSE", 7, maximum=10) == expected


@pytest.mark.parametrize("word", ["x", "-1", "11", "nan", "inf", "1e999", "1,5"])
def test_number_out_of_bounds_is_refused_with_the_bounds(word):
    with pytest.raises(BadValue, match=r"PAUSE: .* from 0 to 10"):
        Environment({"PAUSE": word}).number("PAUSE", 7, maximum=10)


def test_integer_refuses_a_fraction():
    with pytest.raises(BadValue, match="not whole"):
        Environment({"PORT": "80.5"}).integer("PORT", 8000)


def test_words_are_split_at_commas_and_trimmed():
    assert Environment({"ALLOWED_HOSTS": "a.example, b.example,"}).words("ALLOWED_HOSTS") == (
        "a.example",
        "b.example",
    )


def test_path_must_be_absolute():
    with pytest.raises(BadValue, match="starts with /"):
        Environment({"SNAPSHOT_DIR": "snapshots"}).path("SNAPSHOT_DIR", Path("/x"))


def test_secret_is_read_from_the_file_its_name_points_to(tmp_path):
    file = tmp_path / "secret"
    file.write_text("deep\n")
    assert Environment({"SECRET_KEY_FILE": str(file)}).secret("SECRET_KEY") == "deep"


def test_secret_in_the_environment_goes_before_the_file():
    values = {"SECRET_KEY": "near", "SECRET_KEY_FILE": "/nowhere"}
    assert Environment(values).secret("SECRET_KEY") == "near"


def test_secret_file_that_cannot_be_read_is_refused():
    with pytest.raises(BadValue, match="SECRET_KEY_FILE: cannot read /nowhere"):
        Environment({"SECRET_KEY_FILE": "/nowhere"}).secret("SECRET_KEY")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("127.0.0.1:8010", {"127.0.0.1:8010"}),
        ("127.0.0.1:8010, [::1]:80", {"127.0.0.1:8010", "[::1]:80"}),
        ("Host.Example:443", {"host.example:443"}),
    ],
)
def test_host_ports_are_exact(text, expected):
    assert Environment({"ALLOW": text}).host_ports("ALLOW") == expected


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "http://127.0.0.1:80", "a:b", "10.0.0.0/8:80"],
)
def test_host_without_an_exact_port_is_refused(text):
    with pytest.raises(BadValue, match="Write host:port"):
        Environment({"ALLOW": text}).host_ports("ALLOW")


@pytest.mark.parametrize("url", ["", "https://desk.example/", "http://desk.example:8000/a"])
def test_web_addresses_are_taken(url):
    assert Environment({"PUBLISHER_URL": url}).web_address("PUBLISHER_URL") == url


@pytest.mark.parametrize("url", ["desk.example", "javascript:alert(1)", "https://", "https://a:b/"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(BadValue, match=r"PUBLISHER_URL: .* Write it whole"):
        Environment({"PUBLISHER_URL": url}).web_address("PUBLISHER_URL")


@pytest.mark.parametrize("url", ["redis://h:6379/0", "rediss://h/1", "unix:///run/redis.sock"])
def test_redis_addresses_are_taken(url):
    assert Environment({"REDIS_URL": url}).redis_url("REDIS_URL", "") == url


@pytest.mark.parametrize("url", ["http://h", "localhost:6379"])
def test_address_of_something_else_is_no_redis(url):
    with pytest.raises(BadValue, match=r"REDIS_URL: not .* Write redis://"):
        Environment({"REDIS_URL": url}).redis_url("REDIS_URL", "")


def test_database_address_is_taken_apart():
    url = "postgresql://us%40er:p%2Fw@db.example:5433/stet?sslmode=require"
    database = Environment({"DATABASE_URL": url}).database("DATABASE_URL", "")
    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "stet",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_address_may_name_a_socket_folder():
    database = Environment({"D": "postgresql://stet_app@/stet?host=%2Frun%2Fpg"}).database("D", "")
    assert (database["HOST"], database["USER"], database["OPTIONS"]) == ("/run/pg", "stet_app", {})


@pytest.mark.parametrize(
    "url",
    ["mysql://u:secret@h/stet", "postgresql://u:secret@h", "postgresql://u:secret@h:x/stet"],
)
def test_bad_database_address_is_refused_without_showing_its_password(url):
    with pytest.raises(BadValue, match="postgresql://user") as refusal:
        Environment({"DATABASE_URL": url}).database("DATABASE_URL", "")
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("word", "expected"), [("", {}), ("{}", {}), ('{"a": "b", "c": 1}', {"a": "b", "c": 1})]
)
def test_options_are_one_json_object(word, expected):
    assert Environment({"STORAGE": word}).options("STORAGE") == expected


@pytest.mark.parametrize("word", ["{secret", "[1]", '"secret"', "1"])
def test_other_options_are_refused_without_telling_them(word):
    with pytest.raises(BadValue, match=r"STORAGE: not .*JSON.* Write a JSON object") as refused:
        Environment({"STORAGE": word}).options("STORAGE")
    assert "secret" not in str(refused.value)
