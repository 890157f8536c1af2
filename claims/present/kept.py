"""What a person wrote into a form that could not be taken: shown once more, to be copied."""

from collections.abc import Mapping

MOST_TEXTS = 20
SECRETS = ("password", "code", "token", "secret")


def kept_texts(posted: Mapping[str, str]) -> list[str]:
    """Return the texts of a form that somebody wrote: several words each, and no secret."""
    texts = (
        text.strip()
        for name, text in posted.items()
        if not any(word in name.lower() for word in SECRETS)
    )
    return [text for text in texts if " " in text][:MOST_TEXTS]
