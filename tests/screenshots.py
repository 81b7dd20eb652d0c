"""Pictures of the running demo for the README: `make run` in one window, `make screenshots` in another.

They are written to docs/, at 1280 and 320 pixels; run it again after a page has changed.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

OUT = Path(__file__).resolve().parent.parent / "docs"
ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
PRODUCT_OWNER = "Imani Thistlewood"
PAGES = {
    "today": "/",
    "opportunities": "/teams/housing/opportunities/",
    "matrix": "/teams/housing/opportunities/matrix/",
    "review": "",  # reached as she would reach it, from Today
    "journey": "/teams/housing/journeys/being-a-council-tenant/",
    "board": "/teams/bereavement/sprints/3/",
    "standup": "/teams/bereavement/standup/",
    "blockers": "/teams/bereavement/blockers/",
}


def main():
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        page = browser.new_page()
        sign_in(page)
        addresses = {name: address or review_address(page) for name, address in PAGES.items()}
        for name, address in addresses.items():
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


def review_address(page):
    page.goto(f"{ADDRESS}/teams/housing/reviews/")
    return page.locator("main a[href*='/reviews/']").first.get_attribute("href")


if __name__ == "__main__":
    main()
