"""Links of the lists to the pages of claims and sources."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.record import page_link
from claims.models import Claim, Source
from claims.present.evidence import source_words


def claim_link(claim: Claim) -> SafeString:
    """Return the claim's reference and statement, leading to its page."""
    return format_html(
        '<span class="reference">{}</span> {}',
        claim.reference,
        page_link("claims_claim_page", claim.reference, claim.statement),
    )


def source_link(source: Source) -> SafeString:
    """Return the source's name, leading to its page."""
    return page_link("claims_source_page", source.reference, source_words(source))
