import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(tmp_path, settings):
    """What the person at the terminal reads last."""

    def read(*, demo):
        settings.DEMO = demo
        call_command("prepare", words=tmp_path / "words")
        return (tmp_path / "words").read_text()

    return read


def test_while_nobody_has_an_account_the_start_gives_the_code_for_the_first(words):
    assert "/setup/ and enter the code" in words(demo=False)


def test_demo_accounts_are_named_in_demo_mode_alone(words):
    assert words(demo=True).count("Imani Thistlewood") == 1
    assert "Imani Thistlewood" not in words(demo=False)
