from config.embedded.reset import places


def test_what_is_not_a_place_is_no_place_to_forget(tmp_path):
    (tmp_path / "bench").mkdir()
    (tmp_path / "assets.lock").touch()

    assert {place.name for place in places(tmp_path)} == {"run", "bench"}
