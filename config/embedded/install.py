"""Install the locked packages into this checkout, and write nothing outside it.

Run by whatever Python the machine has, before anything is installed: only the standard library, and no syntax
that an old Python could not read, so that it can say what is missing. Its arguments are those of `uv sync`.
"""

import importlib.util
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = CHECKOUT / ".tools"
UV_VERSION = "0.13.9"
UV = TOOLS / f"uv-{UV_VERSION}" / "bin" / "uv"
OLDEST = (3, 11)
NEWER_NAMES = ["python3.14", "python3.13", "python3.12", "python3.11"]
NEEDED_MB = 1_200  # packages, their cache, PostgreSQL's first data
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check"]
# --inexact: `make run` leaves in place what `make test` has installed on top, and the other way round.
# Compiled on all cores at once, for half a dozen processes would each do it at their first start.
UV_SYNC = ["sync", "--frozen", "--inexact", "--quiet", "--compile-bytecode", "--extra", "embedded", "--extra", "pdf"]


def main(arguments):
    insist_on_python()
    insist_on_room()
    (TOOLS / "tmp").mkdir(parents=True, exist_ok=True)
    if not UV.exists():
        install_uv()
    if not (CHECKOUT / ".venv").exists():
        print("Installing the Python packages into .venv, which takes a minute or two", flush=True)
    command = [str(UV), *UV_SYNC, *assets(), *arguments]
    if subprocess.call(command, cwd=str(CHECKOUT), env=environment()):
        sys.exit("The Python packages could not be installed; the lines above say why.")


def insist_on_python():
    if sys.version_info < OLDEST:
        for name in filter(shutil.which, NEWER_NAMES):
            os.execv(shutil.which(name), [name, *sys.argv])
        sys.exit("Install Python 3.11 or later with venv and pip: this one is " + sys.version.split()[0] + ".")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("Install venv and pip for Python (on Debian: apt-get install python3-venv python3-pip).")


def insist_on_room():
    free = shutil.disk_usage(str(CHECKOUT)).free // 1_000_000
    if free < NEEDED_MB and not (CHECKOUT / ".venv").exists():
        sys.exit(f"The disk that holds {CHECKOUT} is full: {free} MB are free, {NEEDED_MB} MB are needed.")


def install_uv():
    print(f"Installing uv {UV_VERSION} into .tools", flush=True)
    draft = TOOLS / "draft"
    shutil.rmtree(str(draft), ignore_errors=True)
    make_draft = [sys.executable, "-m", "venv", str(draft)]
    fetch = [str(draft / "bin" / "python"), *PIP_INSTALL, f"uv=={UV_VERSION}"]
    for command in (make_draft, fetch):
        if subprocess.call(command, env=environment()):
            sys.exit("The installer uv could not be fetched; the lines above say why.")
    draft.rename(UV.parents[1])  # uv is a program of its own, which does not mind being moved


def environment():
    """Everything that is written, temporary files too, stays in the checkout."""
    ours = {
        "TMPDIR": str(TOOLS / "tmp"),
        "UV_CACHE_DIR": str(TOOLS / "uv-cache"),
        "UV_PROJECT_ENVIRONMENT": str(CHECKOUT / ".venv"),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**trust(), **inherited, **ours}


def trust():
    """Behind an office's inspecting proxy only the system's certificates will do; a bare container has none."""
    file, folder = ssl.get_default_verify_paths()[:2]
    has_any = (file and os.path.exists(file)) or (folder and os.path.isdir(folder) and os.listdir(folder))
    return {"UV_SYSTEM_CERTS": "true"} if has_any else {}


def assets():
    """Node builds the stylesheet; where the machine has none, it comes as a Python package."""
    return [] if shutil.which("node") and shutil.which("npm") else ["--extra", "assets"]


if __name__ == "__main__":
    main(sys.argv[1:])
