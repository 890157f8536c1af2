"""What an editor reads: the article opens at a claim, and narrows to one way of writing."""

import pytest
from playwright.sync_api import expect

from claims.models import Article, Claim

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def processes() -> tuple[str, ...]:
    return ("web",)


def test_an_article_opens_at_the_claim_its_address_names(sign_in):
    article, claim = Article.objects.get(), Claim.objects.get(statement__contains="eight million")
    reader = sign_in("ravi", viewport=NARROW)
    reader.go(f"/articles/{article.reference}/#{claim.reference}")
    expect(reader.page.locator(f"#in-{claim.reference}")).to_be_in_viewport()
    expect(reader.page.locator(f"#{claim.reference}")).to_have_class("note s-disputed is-lit")
    reader.is_not_scrolled_sideways()
    call = reader.page.locator(".way-call")
    call.get_by_role("button", name="Show only these").click()
    expect(reader.page.locator(".note:visible")).to_have_count(
        call.locator(".way-places li").count()
    )
    call.get_by_role("button", name="Show all claims").click()
    expect(reader.page.locator(".note:visible")).to_have_count(23)
    reader.go(f"/claims/{claim.reference}/")
    reader.is_not_scrolled_sideways()
    reader.page.get_by_role("link", name="as it stood then").last.click()
    reader.sees("As it stood after entry")
    reader.is_not_scrolled_sideways()
