"""Install the locked packages into this checkout, and write nothing outside it.

Run by whatever Python the machine has, before anything is installed: only the standard library, and no syntax
that an old Python could not read, so that it can say what is missing. Its arguments are those of `uv sync`.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = CHECKOUT / ".tools"
UV_VERSION = "0.13.9"
UV = TOOLS / f"uv-{UV_VERSION}" / "bin" / "uv"
OLDEST = (3, 11)
NEWER_NAMES = ["python3.14", "python3.13", "python3.12", "python3.11"]


def main(arguments):
    insist_on_python()
    environment = dict(
        os.environ,
        UV_CACHE_DIR=str(TOOLS / "uv-cache"),
        UV_PYTHON_DOWNLOADS="never",
        UV_PYTHON=sys.executable,
        UV_PROJECT_ENVIRONMENT=str(CHECKOUT / ".venv"),
    )
    environment.pop("VIRTUAL_ENV", None)
    if not UV.exists():
        install_uv()
    # --inexact: `make run` leaves in place what `make test` has installed on top, and the other way round.
    command = [
        str(UV),
        "sync",
        "--frozen",
        "--inexact",
        "--quiet",
        "--extra",
        "embedded",
        *assets(),
        *arguments,
    ]
    if subprocess.call(command, cwd=str(CHECKOUT), env=environment):
        sys.exit("The Python packages could not be installed; the lines above say why.")


def insist_on_python():
    if sys.version_info < OLDEST:
        for name in filter(shutil.which, NEWER_NAMES):
            os.execv(shutil.which(name), [name, *sys.argv])
        sys.exit("Install Python 3.11 or later with venv and pip: this one is " + sys.version.split()[0])
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("Install venv and pip for Python (on Debian: apt-get install python3-venv python3-pip).")


def install_uv():
    print("Installing uv " + UV_VERSION + " into .tools", flush=True)
    draft = TOOLS / "draft"
    shutil.rmtree(str(draft), ignore_errors=True)
    pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "uv==" + UV_VERSION,
    ]
    for command in ([sys.executable, "-m", "venv", str(draft)], [str(draft / "bin" / "python"), *pip]):
        if subprocess.call(command):
            sys.exit("The installer uv could not be fetched; the lines above say why.")
    draft.rename(UV.parents[1])  # uv is a program of its own, which does not mind being moved


def assets():
    """Node builds the stylesheet; where the machine has none, it comes as a Python package."""
    return [] if shutil.which("node") and shutil.which("npm") else ["--extra", "assets"]


if __name__ == "__main__":
    main(sys.argv[1:])
