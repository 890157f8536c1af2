"""What every page is given."""

from django.conf import settings
from django.http import HttpRequest


def notice(_request: HttpRequest) -> dict[str, str]:
    """Return `site_notice`: the sentence at the top of every page, or ''."""
    return {"site_notice": settings.SITE_NOTICE}
