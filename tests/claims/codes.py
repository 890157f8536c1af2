"""What a person's phone would show, and a person who signs in with two steps."""

import re
import time

from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

PASSWORD = "a long enough password"
AT = "/account/second-step/"


def code_of(user, *, steps: int = 0) -> str:
    """The app's code of the present step, or of one so many steps away."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def wrong_code(user) -> str:
    """Six digits that are right at none of the steps around now."""
    right = {code_of(user, steps=steps) for steps in range(-3, 4)}
    return next(
        code for code in ("000000", "111111", *map(str, range(222222, 222230))) if code not in right
    )


def codes_in(answer) -> list[str]:
    """The recovery codes a page shows."""
    return re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", answer.content.decode())


def set_up(client: Client, user) -> list[str]:
    """Turn two-step sign-in on in a browser; returns the recovery codes."""
    client.post(f"{AT}begin/")
    answer = client.post(f"{AT}confirm/", {"code": code_of(user)})
    assert answer.status_code == 200, answer.content
    return codes_in(answer)


def give_password(name: str, *, client: Client | None = None, **more):
    browser = client or Client()
    password = more.pop("password", PASSWORD)
    address = more.pop("address", "127.0.0.1")
    return browser.post(
        "/sign-in/", {"username": name, "password": password, **more}, REMOTE_ADDR=address
    )


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200
