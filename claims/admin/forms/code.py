"""A code from the person's app, asked for once more where much hangs on who is there."""

from typing import ClassVar

from django import forms

from claims.admin.forms.base import DeskForm
from claims.models import User
from claims.services import second_factor
from claims.types import Actor

CODE_LABEL = "Code from your app"
CODE_HELP = "You have two-step sign-in, and gave no code for half an hour."


def code_field() -> forms.CharField:
    """Return the field in which a code is typed."""
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "off"}
    return forms.CharField(
        label=CODE_LABEL,
        help_text=CODE_HELP,
        max_length=second_factor.MOST_TYPED,
        widget=forms.TextInput(attrs=attrs),
    )


def check_code(actor: Actor, code: str) -> None:
    """Check a person's code.

    Raises:
        InvalidInput: field `code`: it is wrong, or was used already.
    """
    second_factor.check_code(User.objects.get(reference=actor.reference), code=code)


class CodeOnly(DeskForm):
    """A code and nothing else."""

    button: ClassVar[str] = "Go on"

    code = code_field()
