"""People, desks, what each may do there, and the tokens that act for them."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from claims.models.fields import enum_field, one_of, reference_field
from claims.states import Role


class User(AbstractUser):
    """A person. A superuser is the administrator: global, and reads no restricted claim."""

    reference = reference_field("PE")

    @override
    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Desk(models.Model):
    """A team with a time zone; every claim belongs to one."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)

    @override
    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do at a desk; ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="memberships")
    role = enum_field(Role, default=Role.READER)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], name="membership_once"),
            one_of("role", Role),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user}: {self.role} at {self.desk}"


class ApiToken(models.Model):
    """A bearer token: only its SHA-256 is kept; acts for a person at a desk, within scopes.

    `networks` (CIDR, such as 192.0.2.0/24) are where it may be used from; none means anywhere.
    """

    name = models.CharField(max_length=100)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="api_tokens")
    scopes = ArrayField(models.CharField(max_length=32))
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
