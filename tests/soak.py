"""What `make test` takes some of and `make soak` takes all of, so that the first stays a matter of minutes."""

import os

SOAK = "SOAK" in os.environ


def in_soak(more: list) -> list:
    """What is added there."""
    return more if SOAK else []
