import pytest
from django.core.management import CommandError, call_command

from claims.models import ApiToken, LedgerEntry
from claims.states import Scope

pytestmark = pytest.mark.django_db


def create(capsys, *arguments: str):
    call_command("create_token", *arguments)
    return capsys.readouterr().out


ADA = ("--user", "ada", "--desk", "world")


def test_printed_token_reads_the_api(cast, capsys, client):
    secret = create(capsys, "live blog", *ADA, "--scope", "claims:read").strip()
    answer = client.get("/api/v1/claims/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def test_only_the_digest_is_kept_and_the_issue_is_an_entry(cast, capsys):
    secret = create(
        capsys, "live blog", *ADA, "--scope", "claims:read", "--scope", "reviews:write"
    ).strip()
    token = ApiToken.objects.get()
    assert token.scopes == [Scope.CLAIMS_READ, Scope.REVIEWS_WRITE]
    assert secret not in str(token.__dict__)
    assert token.prefix in LedgerEntry.objects.get(kind="token_issued").body


def test_token_is_bound_to_the_networks_named(cast, capsys):
    bound = ("--network", "192.0.2.0/24", "--network", "2001:db8::1")
    create(capsys, "live blog", *ADA, "--scope", "claims:read", *bound)
    assert ApiToken.objects.get().networks == ["192.0.2.0/24", "2001:db8::1/128"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--user", "nobody", "--desk", "world", "--scope", "claims:read"), "no active person"),
        (("--user", "ada", "--desk", "moon", "--scope", "claims:read"), "sport, world"),
        (("--user", "ada", "--desk", "sport", "--scope", "claims:read"), "no role"),
        ((*ADA, "--scope", "sign:off"), "invalid choice"),
        ((*ADA, "--scope", "claims:read", "--days", "0"), "days"),
        ((*ADA, "--scope", "claims:read", "--days", "4000"), "days"),
        ((*ADA, "--scope", "claims:read", "--network", "here"), "no network"),
        (ADA, "--scope"),
    ],
)
def test_what_cannot_be_issued_is_refused_in_words(cast, capsys, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        create(capsys, "live blog", *arguments)
    assert not ApiToken.objects.exists()
