"""Typed readers of environment variables; a bad value stops the start with a hint."""

import json
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ON = frozenset({"1", "true", "yes", "on"})
OFF = frozenset({"0", "false", "no", "off"})
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


class BadValue(ImproperlyConfigured):
    """An environment variable holds something the product cannot use."""

    def __init__(self, name: str, reason: str, *, hint: str) -> None:
        super().__init__(f"{name}: {reason}. {hint}")
        self.name = name
        self.hint = hint


class Environment:
    """One set of environment variables, read strictly.

    An empty value counts as not set. `NAME_FILE` may name a file that holds a secret, so that
    the secret itself need not stand in the environment.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the value without surrounding white space."""
        return self._values.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes-or-no value."""
        word = self.text(name).lower()
        if not word:
            return default
        if word in ON | OFF:
            return word in ON
        raise BadValue(name, f"{word!r} is neither yes nor no", hint="Write 1 or 0.")

    def number(
        self, name: str, default: float, *, minimum: float = 0, maximum: float = 10**9
    ) -> float:
        """Return a number within the bounds, bounds included."""
        word = self.text(name)
        if not word:
            return default
        hint = f"Write a number from {minimum:g} to {maximum:g}."
        try:
            number = float(word)
        except ValueError:
            raise BadValue(name, f"{word!r} is not a number", hint=hint) from None
        if not minimum <= number <= maximum:
            raise BadValue(name, f"{word} is out of bounds", hint=hint)
        return number

    def integer(self, name: str, default: int, *, minimum: int = 0, maximum: int = 10**9) -> int:
        """Return a whole number within the bounds, bounds included."""
        number = self.number(name, default, minimum=minimum, maximum=maximum)
        if number != int(number):
            raise BadValue(name, f"{number} is not whole", hint="Write a whole number.")
        return int(number)

    def words(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list written with commas between its words."""
        parts = tuple(part.strip() for part in self.text(name).split(","))
        return tuple(part for part in parts if part) or default

    def path(self, name: str, default: Path) -> Path:
        """Return an absolute path."""
        path = Path(self.text(name) or default)
        if not path.is_absolute():
            raise BadValue(name, f"{path} is relative", hint="Write a path that starts with /.")
        return path

    def options(self, name: str) -> dict[str, Any]:
        """Return the keyword arguments written as one JSON object."""
        hint = 'Write a JSON object, as in {"bucket_name": "snapshots"}.'
        try:
            options = json.loads(self.text(name, "{}"))
        except ValueError as error:
            # The value itself stays out of the error, it may hold a password.
            raise BadValue(name, f"not JSON ({error})", hint=hint) from None
        if not isinstance(options, dict):
            raise BadValue(name, "not a JSON object", hint=hint)
        return options

    def secret(self, name: str) -> str:
        """Return a secret from NAME, else from the file that NAME_FILE names, else ''."""
        named = self.text(f"{name}_FILE")
        if self.text(name) or not named:
            return self.text(name)
        try:
            return Path(named).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            hint = "Name a file this user can read."
            raise BadValue(f"{name}_FILE", f"cannot read {named} ({error})", hint=hint) from None

    def host_ports(self, name: str) -> frozenset[str]:
        """Return exact `host:port` words, IPv6 hosts in brackets, lower-case."""
        found = set()
        for word in self.words(name):
            parts = self._split(name, f"//{word}", hint="Write host:port, as in 127.0.0.1:8010.")
            if word.lower() != parts.netloc.lower() or not parts.hostname or not parts.port:
                hint = "Write host:port, as in 127.0.0.1:8010."
                raise BadValue(name, f"{word!r} is not an exact host:port", hint=hint)
            found.add(word.lower())
        return frozenset(found)

    def web_address(self, name: str) -> str:
        """Return the address of a web page, or nothing."""
        text, hint = self.text(name), "Write it whole, as in https://example.org/."
        parts = self._split(name, text, hint=hint)
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise BadValue(name, f"{text!r} is no web address", hint=hint)
        return text

    def networks(self, name: str) -> tuple[str, ...]:
        """Return networks in CIDR, as in 192.0.2.0/24."""
        for word in self.words(name):
            try:
                ip_network(word)
            except ValueError as error:
                hint = "Write networks in CIDR, as in 192.0.2.0/24."
                raise BadValue(name, str(error), hint=hint) from None
        return self.words(name)

    def redis_url(self, name: str, default: str) -> str:
        """Return a redis://, rediss:// or unix:// address."""
        url = self.text(name, default)
        hint = "Write redis://host:6379/0 or unix:///path/to/redis.sock."
        if self._split(name, url, hint=hint).scheme not in REDIS_SCHEMES:
            raise BadValue(name, "not the address of a Redis server", hint=hint)
        return url

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return one entry of Django's DATABASES from a postgresql:// address (RFC 3986).

        `?host=/folder` names a Unix socket's folder, as in libpq; other query words become
        libpq options.
        """
        hint = "Write postgresql://user:password@host:5432/name."
        parts = self._split(name, self.text(name, default), hint=hint)
        if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
            raise BadValue(name, "not the address of a PostgreSQL database", hint=hint)
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or parts.hostname or "",
            "PORT": options.pop("port", "") or str(parts.port or ""),
            "OPTIONS": options,
        }

    @staticmethod
    def _split(name: str, url: str, *, hint: str) -> SplitResult:
        """Split `url`; the value itself stays out of the error, it may hold a password."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError as error:
            raise BadValue(name, f"not an address ({error})", hint=hint) from None
        return parts
