"""Where the next page of a list begins: signed, so that it neither tells nor asks anything else."""

from django.core import signing

from claims.errors import InvalidInput


def cursor_after(reference: str, *, of: str) -> str:
    """Return the cursor behind one row of the list `of`."""
    return signing.Signer(salt=f"stet.cursor.{of}").sign_object(reference)


def read_cursor(text: str, *, of: str) -> str:
    """Return the reference a cursor of the list `of` stands behind.

    Raises:
        InvalidInput: it is no cursor, or another list's.
    """
    try:
        return str(signing.Signer(salt=f"stet.cursor.{of}").unsign_object(text))
    except (signing.BadSignature, ValueError):
        raise InvalidInput("cursor", "is no cursor of this list; follow `next`.") from None
