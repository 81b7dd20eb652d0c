"""Pictures of the running demo for the README: `make run` in one window, `make screenshots` in another.

They are written to docs/, at 1280 and 320 pixels; run it again after a page has changed.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import machine

OUT = Path(__file__).resolve().parent.parent / "docs"
ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
PRODUCT_OWNER = "Imani Thistlewood"
PAGES = {
    "today": "/",
    "opportunities": "/teams/housing/opportunities/",
    "matrix": "/teams/housing/opportunities/matrix/",
    "review": ("/teams/housing/reviews/", "/reviews/"),  # the first link of a list that leads there
    "journey": "/teams/housing/journeys/being-a-council-tenant/",
    "board": "/teams/bereavement/sprints/3/",
    "standup": "/teams/bereavement/standup/",
    "blockers": "/teams/bereavement/blockers/",
    "digest": "/teams/bereavement/digest/",
    "thread": "/opportunities/HOU-12/thread/",
    "playback": ("/teams/housing/playbacks/", "/playbacks/"),
}


def main():
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        sign_in(page)
        for name, address in PAGES.items():
            address = first_link(page, *address) if isinstance(address, tuple) else address
            for width, height in ((1280, 800), (320, 640)):
                page.set_viewport_size({"width": width, "height": height})
                page.goto(ADDRESS + address, wait_until="load")
                page.screenshot(path=OUT / f"{name}-{width}.png")
        browser.close()


def sign_in(page):
    try:
        page.goto(f"{ADDRESS}/account/login/")
    except Exception:
        sys.exit(f"Nothing answers on {ADDRESS}. Start the demo with `make run` first.")
    page.get_by_role("button", name=PRODUCT_OWNER).click()
    page.wait_for_url(f"{ADDRESS}/")


def first_link(page, address, part):
    page.goto(ADDRESS + address)
    return page.locator(
        f"main li a[href*='{part}'], main tr a[href*='{part}'], main article a[href*='{part}']"
    ).first.get_attribute("href")


if __name__ == "__main__":
    main()
