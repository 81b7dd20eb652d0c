"""The browser of the browser tests: Chromium as the system brings it, without its windows where there is such a one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"  # the same engine; opening a page costs it a third
NAMES = [SHELL, "chromium", "chromium-browser", "google-chrome"]
APT = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]


def find():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_if_missing():
    if "CHROMIUM" in os.environ or shutil.which(SHELL):
        return
    if is_debian() and os.geteuid() == 0:
        print("Installing Chromium from Debian", flush=True)
        apt("update") and (apt_install(SHELL) or find() or apt_install("chromium"))
    if not find():
        sys.exit("Install Chromium, or set CHROMIUM to the path of one: the browser tests need it.")


def is_debian():
    return Path("/etc/debian_version").exists()


def apt_install(package):
    return apt("install", "-y", "--no-install-recommends", package, "fonts-liberation")


def apt(*words):
    """Whether it did."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call([*APT, *words], env=environment, stdout=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    install_if_missing()
