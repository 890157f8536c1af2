"""Issue a bearer token for a person at a desk, and print it once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from claims.access import actor_of
from claims.errors import RecordError
from claims.models import Desk, User
from claims.services.people import MOST_DAYS, issue_token
from claims.states import Scope

DAYS = 90


class Command(BaseCommand):
    """`create_token NAME --user U --desk D --scope S ... [--days N] [--network CIDR ...]`."""

    help = "Issue an API token. Standard output is the token alone; it is shown this once."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the token is for")
        parser.add_argument("--user", required=True, help="username of whom it acts for")
        parser.add_argument("--desk", required=True, help="slug of the desk it acts at")
        parser.add_argument(
            "--scope",
            required=True,
            action="append",
            choices=[scope.value for scope in Scope],
            help="what it may do; once for each",
        )
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"until it expires, 1 to {MOST_DAYS} ({DAYS})"
        )

        parser.add_argument(
            "--network",
            action="append",
            default=[],
            help="from where alone it may be used, such as 192.0.2.0/24; once for each",
        )

    @override
    def handle(
        self,
        *args: Any,
        name: str,
        user: str,
        desk: str,
        scope: list[str],
        days: int,
        network: list[str],
        **options: Any,
    ) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {user}.")
        place = Desk.objects.filter(slug=desk).first()
        if place is None:
            known = ", ".join(Desk.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no desk {desk}; there are: {known or 'none'}.")
        scopes = tuple(dict.fromkeys(Scope(word) for word in scope))
        try:
            token, secret = issue_token(
                actor_of(person),
                name=name,
                user=person,
                desk=place,
                scopes=scopes,
                days=days,
                networks=network,
            )
        except RecordError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"Acts for {person} at {place} until {token.expires_at:%Y-%m-%d %H:%M} UTC."
        )
        self.stdout.write(secret)
