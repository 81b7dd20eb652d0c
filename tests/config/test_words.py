from config.jinja import unbroken


def test_a_reference_stays_on_its_line_and_words_stay_words():
    assert unbroken("merged into HOU-12 <b>") == 'merged into <span class="nowrap">HOU-12</span> &lt;b&gt;'


def test_what_only_looks_like_a_reference_is_left_alone():
    assert unbroken("covid-19, XX-, a-1") == "covid-19, XX-, a-1"
