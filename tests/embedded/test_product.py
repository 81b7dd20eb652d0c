import stat

import pytest

from config.embedded import manage, product
from config.embedded.trouble import Trouble


@pytest.fixture
def begun(place, monkeypatch):
    """What an earlier start with this DEMO decides for a later one."""
    place.prepare()

    def begin(demo=None):
        monkeypatch.delenv("DEMO", raising=False)
        if demo:
            monkeypatch.setenv("DEMO", demo)
        return product.demo(place)

    return begin


def test_the_first_start_brings_the_demo(begun):
    assert begun() == "on"


def test_demo_mode_never_comes_to_what_was_begun_without_it(begun):
    begun("off")

    assert begun() == "off"
    with pytest.raises(Trouble, match="begun with DEMO=off: `make reset` forgets its data"):
        begun("on")


def test_a_restart_signs_nobody_out_and_the_key_is_for_us_alone(place):
    place.prepare()

    key = product.secret_key(place)

    assert len(key) >= 50
    assert product.secret_key(place) == key
    assert stat.S_IMODE((place.state / "secret-key").stat().st_mode) == 0o600


def test_the_web_server_is_reached_from_this_machine_alone(place):
    place.prepare()

    settings = product.settings(place, 9000)

    assert (settings["WEB_BIND"], settings["SITE_URL"]) == ("127.0.0.1:9000", "http://localhost:9000")
    assert settings["DEBUG"] == "off"


def test_a_command_joins_the_product_that_is_running(place):
    with manage.servers_of(place):  # `place` is claimed, as by a running product
        assert not (place.state / "parts").exists()
