"""Why a URL, or the place it leads to, is refused."""

from enum import StrEnum


class UrlFault(StrEnum):
    """The reason, as a word that can be counted."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    SCHEME = "scheme"
    SCHEME_MISSING = "scheme_missing"
    CREDENTIALS = "credentials"
    BACKSLASH = "backslash"
    CONTROL_CHARACTER = "control_character"
    HOST = "host"
    NOT_CANONICAL = "not_canonical"
    NOT_PUBLIC = "not_public"
    PRIVATE_NAME = "private_name"
    PORT = "port"
    NAME_UNKNOWN = "name_unknown"


class UrlRefused(Exception):
    """A URL the watch may not look at: why, as a word and as a sentence without secrets."""

    def __init__(self, reason: UrlFault, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
