"""A person's own pages in a real browser: by keyboard, in print, on a phone, dark and light."""

import os
import re
import time
from pathlib import Path

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

AT = "/account/second-step/"


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone: nothing here waits for a look."""
    return ("web",)


def code_now() -> str:
    totp = TOTP(TOTPDevice.objects.get().bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


def next_code() -> str:
    TOTPDevice.objects.update(last_t=-1)
    return code_now()


def seen(person, name: str) -> None:
    """Keep a picture where one is asked for, and hold the page to its width."""
    person.is_not_scrolled_sideways()
    folder = os.environ.get("STET_PICTURES")
    if folder:
        width = person.page.viewport_size["width"]
        person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def typed(person, text: str) -> None:
    person.page.keyboard.type(text)
    person.page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.long)])
def test_two_step_sign_in_is_set_up_and_used(sign_in, width):
    mira = sign_in("mira", viewport={"width": width, "height": 900})
    page = mira.page
    mira.go("/account/")
    seen(mira, "account")
    page.get_by_role("link", name="Set up two-step sign-in").click()
    seen(mira, "second-step-off")
    mira.press("Begin")
    expect(page.get_by_label("Code from your app")).to_be_focused()
    seen(mira, "second-step-secret")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    typed(mira, code_now())
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    seen(mira, "recovery-codes")
    page.emulate_media(media="print")
    expect(page.locator(".codes")).to_be_visible()
    expect(page.get_by_role("link", name="I have kept them")).to_be_hidden()
    page.emulate_media(media="screen")
    mira.go(AT)
    seen(mira, "second-step-on")

    mira.press("Sign out")
    passwords = {row["username"]: row["password"] for row in mira.stack.sign_ins["people"]}
    page.get_by_label("Name").fill("mira")
    page.get_by_label("Password").fill(passwords["mira"])
    mira.press("Sign in")
    expect(page.get_by_label("Code")).to_be_focused()
    typed(mira, "000 000")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    seen(mira, "code")
    page.get_by_label("Code").fill("")
    typed(mira, codes[0])
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize("width", [pytest.param(1440, marks=pytest.mark.long), 390])
def test_a_token_is_issued_copied_and_revoked(sign_in, width):
    edith = sign_in("edith", viewport={"width": width, "height": 900})
    page = edith.page
    edith.go("/account/tokens/")
    seen(edith, "tokens")
    page.get_by_label("Name").fill("newsletter")
    page.get_by_label(re.compile("Propose, dispute")).check()
    edith.press("Issue the token")
    shown = page.locator(".issued .secret")
    shown.click()
    seen(edith, "token-issued")
    assert page.evaluate("getSelection().toString().trim()") == shown.inner_text()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("button", name="Revoke newsletter").click()
    edith.sees("Revoked: newsletter.")
    seen(edith, "token-revoked")


@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 390])
def test_the_administrator_ends_an_access(sign_in, width):
    mira = sign_in("mira")
    mira.go("/account/")
    admin = sign_in("admin", viewport={"width": width, "height": 900})
    admin.go("/admin/claims/user/")
    seen(admin, "people")
    admin.page.get_by_role("link", name="mira").click()
    seen(admin, "person")
    admin.page.locator("summary").click()
    admin.press("End the access now")
    admin.sees("Access ended.")
    mira.go("/account/")
    expect(mira.page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_every_field_has_a_label_and_every_button_a_name(sign_in, scheme):
    mira = sign_in("mira", color_scheme=scheme, viewport={"width": 1440, "height": 900})
    for path in ("/account/", AT, "/account/tokens/"):
        mira.go(path)
        nameless = mira.page.evaluate(
            """[...document.querySelectorAll('input:not([type=hidden]),select,button')]
            .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim()).length"""
        )
        assert nameless == 0
        seen(mira, f"{scheme}{path.replace('/', '-')}")
