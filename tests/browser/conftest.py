"""Chromium as the system brings it, signed in, with an ear for console errors and failed requests."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from tests import machine

expect.set_options(timeout=30_000)  # a slow machine is not a mistake; what is there is found at once
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session", autouse=True)
def a_loop_may_run_beside():
    """Playwright keeps one running in this thread. Tests beside these check a site that must not have it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": machine.chromium(), "args": ["--no-sandbox"]}


@pytest.fixture(params=["scripts on", "scripts off"])
def scripts(request):
    return request.param == "scripts on"


@pytest.fixture
def visit(browser, live_server, scripts):
    """visit(client) opens a page for the person of a test client, and notes every console error and failed request."""
    contexts, trouble = [], []

    def open_page(client, width=1280, scripts=scripts):
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on(
            "response", lambda answer: trouble.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        return page

    open_page.trouble = trouble
    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def axe(scripts):
    """axe(page) fails with what is not accessible, and with a page that scrolls sideways. axe is itself a script, so
    pages without scripts are only measured."""

    def check(page):
        page.wait_for_load_state()
        assert page.locator("html").evaluate("html => html.scrollWidth <= window.innerWidth"), "scrolls sideways"
        if scripts:
            found = Axe().run(
                page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
            )
            assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def look(axe, scripts):
    """look(page, name) is axe(page), and leaves a picture where the environment names a folder for them in SHOTS."""

    def check(page, name):
        axe(page)
        if "SHOTS" in os.environ:
            way = f"{page.viewport_size['width']}{'' if scripts else '-scripts-off'}"
            page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}-{way}.png", full_page=True)

    return check
