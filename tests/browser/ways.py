"""In which ways a journey is walked: a wide page with scripts, a narrow one without, and in `make soak` the others too.

What only a narrow page with scripts could get wrong, its width and its targets, test_every_page looks at everywhere."""

import pytest

from tests.soak import in_soak

WIDE, NARROW = 1280, 320
BOTH = [(True, WIDE), (False, NARROW)]
OTHERS = [(False, WIDE), (True, NARROW)]
WAYS = pytest.mark.parametrize(
    ("scripts", "width"),
    [
        pytest.param(scripts, width, id=f"scripts {'on' if scripts else 'off'}-{width}")
        for scripts, width in [*BOTH, *in_soak(OTHERS)]
    ],
)
