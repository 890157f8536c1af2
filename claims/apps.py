"""The record as a Django app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from typing_extensions import override


class ClaimsConfig(AppConfig):
    """THE RECORD: what is claimed, on what evidence, in what status, decided by whom."""

    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        from claims.signals import grant_application_role  # noqa: PLC0415 - apps load first
        from claims.web.sessions import begin_session  # noqa: PLC0415 - apps load first

        post_migrate.connect(grant_application_role, sender=self)
        user_logged_in.connect(begin_session)
