"""The browser of the browser tests: Chromium as the system brings it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome"]


def find():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_if_missing():
    if find():
        return
    if not (Path("/etc/debian_version").exists() and os.geteuid() == 0):
        sys.exit("Install Chromium, or set CHROMIUM to the path of one: the browser tests need it.")
    print("Installing Chromium from Debian", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "fonts-liberation"]
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.call(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL):
            sys.exit("Debian's package manager could not install Chromium; the lines above say why.")


if __name__ == "__main__":
    install_if_missing()
