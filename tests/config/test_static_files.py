import re
from collections import defaultdict

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from config.assets import OUT

NAMED = {
    name
    for template in (settings.BASE_DIR / "templates").rglob("*.html")
    for name in re.findall(r"""static\(['"]([^'"]+)['"]\)""", template.read_text())
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_static_file_that_a_template_names_is_there(name):
    if name.startswith("vendor/") and not OUT.exists():
        pytest.fail("Build the assets first: python -m config.assets")

    assert finders.find(name)


def test_a_class_is_laid_out_in_one_file():
    """Two files that name it without knowing of each other spoil each other's pages. Print and modes build on all."""
    files = defaultdict(set)
    for file in (settings.BASE_DIR / "static/src/scss").glob("*.scss"):
        if file.stem not in {"_print", "_modes"}:
            rules = re.sub(r"/\*.*?\*/|//.*|\([^()]*\)", "", file.read_text())
            selectors = ",".join(re.findall(r"([^{};]+)\{", rules)).split(",")
            for name in filter(re.compile(r"\.[\w-]+").fullmatch, map(str.strip, selectors)):
                files[name].add(file.name)

    assert not {name: names for name, names in files.items() if len(names) > 1}
