"""The administrator's lists: people, desks, memberships, tokens. Read only, like all of them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from typing_extensions import override

from claims.admin.record import RecordList, Row, page_link
from claims.admin.site import desk
from claims.models import ApiToken, Desk, Membership, User
from claims.present.words import label
from claims.states import Role
from claims.types import Actor


class AdministratorsList(RecordList[Row]):
    """A list that exists for the administrator alone."""

    @override
    def may_read(self, actor: Actor) -> bool:
        return actor.is_administrator and actor.signed_in


@admin.register(User, site=desk)
class PersonList(AdministratorsList[User]):
    """People."""

    list_display = ("person", "full_name", "reference", "is_active", "is_administrator")
    search_fields = ("username", "first_name", "last_name")

    @override
    def rows_for(self, actor: Actor) -> QuerySet[User]:
        return User.objects.all()

    @admin.display(description="Signs in as")
    def person(self, user: User) -> SafeString:
        """The username, leading to the person's page."""
        return page_link("claims_user_page", user.reference, user.username)

    @admin.display(description="Name")
    def full_name(self, user: User) -> str:
        """First and last name."""
        return user.get_full_name() or "–"

    @admin.display(description="Administrator", boolean=True)
    def is_administrator(self, user: User) -> bool:
        """Whether this is the administrator."""
        return user.is_superuser


@admin.register(Desk, site=desk)
class DeskList(AdministratorsList[Desk]):
    """Desks."""

    list_display = ("name", "slug", "time_zone")

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Desk]:
        return Desk.objects.all()


@admin.register(Membership, site=desk)
class MembershipList(AdministratorsList[Membership]):
    """Who may do what where."""

    list_display = ("user", "role_now", "desk", "ended_at")

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Membership]:
        return Membership.objects.select_related("user", "desk")

    @admin.display(description="Role")
    def role_now(self, row: Membership) -> str:
        """The role in words."""
        return label(Role(row.role))


@admin.register(ApiToken, site=desk)
class TokenList(AdministratorsList[ApiToken]):
    """Tokens: what they may do, never what they are."""

    list_display = ("name", "prefix", "user", "desk", "scope_list", "expires_at", "revoked_at")

    @override
    def rows_for(self, actor: Actor) -> QuerySet[ApiToken]:
        return ApiToken.objects.defer("digest").select_related("user", "desk")

    @admin.display(description="May")
    def scope_list(self, token: ApiToken) -> str:
        """Its scopes."""
        return ", ".join(token.scopes)
