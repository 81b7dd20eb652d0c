import re

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
