import pytest

# For what only scripts can do; everything else is walked with them and without.
with_scripts = pytest.mark.parametrize("scripts", ["scripts on"], indirect=True)
