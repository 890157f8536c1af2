"""Somebody at a browser: signs in, reads, presses, and hears what the browser complains of."""

from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

from tests.stack import Stack

PATIENCE_MS = 25_000  # no step of the demonstration waits longer
expect.set_options(timeout=PATIENCE_MS)


class Person:
    """One signed-in person in a browser context of their own."""

    def __init__(self, stack: Stack, browser: Browser, username: str, **options) -> None:
        self.stack = stack
        self.page = browser.new_context(**options).new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        passwords = {row["username"]: row["password"] for row in stack.sign_ins["people"]}
        self.go("/sign-in/")
        self.page.get_by_label("Name").fill(username)
        self.page.get_by_label("Password").fill(passwords[username])
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def _hear(self, message: ConsoleMessage) -> None:
        # a refusal's own 4xx is told on the console too; it is no complaint of the page
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.stack.url.rstrip("/") + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def strike(self, *keys: str) -> None:
        """Press keys, once the page's own script listens to them."""
        self.page.wait_for_load_state()
        for key in keys:
            self.page.keyboard.press(key)

    def find(self, words: str) -> Locator:
        return self.page.get_by_text(words).first

    def sees(self, words: str) -> None:
        expect(self.find(words)).to_be_visible()

    def waits_for(self, locator: Locator) -> None:
        """Reload until something is there, as an impatient reader would."""
        for _ in range(PATIENCE_MS // 500):
            if locator.count():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        expect(locator).to_be_visible(timeout=1)

    def is_not_scrolled_sideways(self) -> None:
        wide, seen = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= seen
