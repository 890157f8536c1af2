"""The configuration as an app, so that its system checks are found."""

from django.apps import AppConfig
from typing_extensions import override


class Config(AppConfig):
    """Registers the checks of the settings."""

    name = "config"

    @override
    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401, PLC0415 - registers; needs the settings loaded
