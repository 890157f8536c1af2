"""The forms of a person's own pages."""

from typing import Any

from django import forms
from django.utils.text import capfirst

from claims.errors import InvalidInput
from claims.models import Membership
from claims.services.second_factor import MOST_TYPED
from claims.states import Role, Scope

SCOPE_WORDS = {
    Scope.CLAIMS_READ: "Read claims, evidence, sources and the change feed",
    Scope.CLAIMS_WRITE: "Open and edit claims, link evidence",
    Scope.REVIEWS_WRITE: "Propose, dispute and answer reviews; never sign off",
}
LASTS = ((7, "a week"), (30, "30 days"), (90, "90 days"), (180, "half a year"), (365, "a year"))
USUAL_DAYS = 90


class PlainForm(forms.Form):
    """A form whose fields are rendered by `web/field.html`."""

    use_required_attribute = True
    label_suffix = ""


class CodeForm(PlainForm):
    """A code of the app, or a recovery code; `is_next`: the one thing to do on its page."""

    code = forms.CharField(
        max_length=MOST_TYPED,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, data: Any = None, *, is_next: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        if is_next:
            self.fields["code"].widget.attrs["autofocus"] = True


class RemovalForm(CodeForm):
    """Password and code: what it takes to turn two-step sign-in off."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("password", "code")


class TokenForm(PlainForm):
    """A new token: its name, desk, scopes and how long it lasts."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What will use it: “live blog”, “newsletter job”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    desk = forms.ChoiceField(label="Desk", help_text="It acts there and nowhere else.")
    scopes = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label="It lasts", choices=LASTS, coerce=int, initial=USUAL_DAYS, widget=forms.Select
    )

    networks = forms.CharField(
        label="Only from",
        required=False,
        max_length=1000,
        help_text="Networks such as 192.0.2.0/24 or one address, with blanks between. "
        "Empty: from anywhere.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, held: list[Membership]) -> None:
        super().__init__(data)
        self.held = {row.desk.slug: row for row in held}
        _offer(self.fields["desk"], [(row.desk.slug, row.desk.name) for row in held])
        is_reader = all(row.role == Role.READER for row in held)
        scopes = [Scope.CLAIMS_READ] if is_reader else list(Scope)
        _offer(self.fields["scopes"], [(scope.value, SCOPE_WORDS[scope]) for scope in scopes])
        self.fields["scopes"].initial = [Scope.CLAIMS_READ.value]


def told(error: InvalidInput) -> str:
    """Return a refusal's reason as it stands under its field, where the label names the field."""
    return capfirst(f"that {error.reason}")


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = choices
