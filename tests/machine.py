"""What the tests need of the machine: Chromium, without its windows where there is such a one, and Pango for PDFs."""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

SHELL = "chromium-headless-shell"  # the same engine; opening a page costs it a third
NAMES = [SHELL, "chromium", "chromium-browser", "google-chrome"]
PANGO = {  # as in the Dockerfile, and what WeasyPrint loads of it
    "libpango-1.0-0": "pango-1.0",
    "libpangoft2-1.0-0": "pangoft2-1.0",
    "libharfbuzz-subset0": "harfbuzz-subset",
}
APT = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]


def chromium():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def has_pango():
    return all(map(find_library, PANGO.values()))


def install_what_is_missing():
    wants_chromium = "CHROMIUM" not in os.environ and not shutil.which(SHELL)
    wants_pango = not has_pango()
    if (wants_chromium or wants_pango) and is_debian() and os.geteuid() == 0:
        print("Installing Chromium and Pango from Debian", flush=True)
        if apt("update"):
            wants_pango and apt_install(*PANGO)
            wants_chromium and (apt_install(SHELL) or chromium() or apt_install("chromium"))
    if not chromium():
        sys.exit("Install Chromium, or set CHROMIUM to the path of one: the browser tests need it.")
    if not has_pango():
        sys.exit("Install Pango with HarfBuzz’s subsetter: the tests of PDFs need it.")


def is_debian():
    return Path("/etc/debian_version").exists()


def apt_install(*packages):
    return apt("install", "-y", "--no-install-recommends", *packages, "fonts-liberation")


def apt(*words):
    """Whether it did."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call([*APT, *words], env=environment, stdout=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    install_what_is_missing()
