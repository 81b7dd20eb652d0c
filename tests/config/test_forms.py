import re

import pytest
from django import forms
from django.utils.safestring import SafeString

PLACES = [("north", "North"), ("south", "South & east")]


class Everything(forms.Form):
    title = forms.CharField(max_length=5, help_text="In one <b>sentence</b>")
    your_email = forms.EmailField(label="Your email address")
    secret = forms.CharField(widget=forms.PasswordInput, label="Password")
    size = forms.IntegerField(min_value=1, max_value=8)
    until = forms.DateField(label="Look at it again on")
    words = forms.CharField(widget=forms.Textarea)
    place = forms.ChoiceField(choices=PLACES, widget=forms.RadioSelect, label="Which place?")
    places = forms.MultipleChoiceField(choices=PLACES, widget=forms.CheckboxSelectMultiple)
    stage = forms.ChoiceField(choices=PLACES)
    table = forms.FileField(label="CSV file")
    agree = forms.BooleanField(label="I have read it <i>all</i>")
    note = forms.CharField(error_messages={"required": "Write a note"})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def empty():
    return Everything({})


def part(html, name):
    """The markup of one field."""
    return next(piece for piece in html.split('<div class="field')[1:] if f'name="{name}"' in piece)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("title", "Enter the title"),
        ("your_email", "Enter your email address"),
        ("size", "Enter the size"),
        ("place", "Answer “Which place?”"),
        ("places", "Choose the places"),
        ("stage", "Choose the stage"),
        ("table", "Choose the CSV file"),
        ("note", "Write a note"),
    ],
)
def test_an_unanswered_field_says_what_to_do(empty, name, sentence):
    assert empty.errors[name] == [sentence]


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("title", "too long", "Title must be 5 characters or fewer. It has 8"),
        ("size", "9", "Size must be 8 or less"),
        ("size", "0", "Size must be 1 or more"),
        ("until", "31/02/2026", "Look at it again on must be a real date, such as 27 3 2027"),
        ("stage", "west", "Choose the stage from the list"),
    ],
)
def test_a_wrong_answer_says_what_would_be_right(name, sent, sentence):
    assert Everything({name: sent}).errors[name] == [sentence]


def test_one_form_does_not_word_another(empty):
    empty.is_valid()

    assert forms.CharField().error_messages["required"] == "This field is required."
    assert Everything.base_fields["title"].error_messages["required"] == "This field is required."


def test_every_field_has_a_label_and_shows_its_error(empty):
    html = empty.render()

    for field in empty.visible_fields():
        markup = part(html, field.html_name)
        assert f'id="{field.auto_id}_error"' in markup
        assert f'for="{field.first_id}"' in markup
        assert re.search(rf'aria-describedby="[^"]*{field.auto_id}_error', markup), field.name


def test_the_error_summary_leads_to_a_thing_that_takes_focus(empty):
    html = empty.render()

    assert all(f' id="{field.first_id}"' in html for field in empty.visible_fields())


def test_labels_hints_choices_and_errors_are_escaped(empty):
    html = empty.render()

    assert "&lt;b&gt;sentence" in html
    assert "&lt;i&gt;all" in html
    assert "South &amp; east" in html
    assert isinstance(html, SafeString)


def test_what_was_chosen_stays_chosen():
    html = Everything({"place": "south", "places": ["north", "south"], "title": "Words"}).render()

    assert html.count("checked") == 3
    assert 'value="Words"' in html


def test_a_choice_of_nothing_is_not_asked():
    form = Everything()
    form.fields["places"].choices = []

    assert "Places" not in form.render()


@pytest.mark.parametrize("sent", ["23/11/2026", "2026-11-23", "23 11 2026", "23 November 2026", "3/4/2026"])
def test_dates_are_read_day_first(sent):
    form = Everything({"until": sent})
    form.is_valid()

    assert (form.cleaned_data["until"].month, form.cleaned_data["until"].day) in [(11, 23), (4, 3)]


def test_a_date_is_shown_as_it_is_asked():
    form = Everything({"until": "2026-04-03"})
    form.is_valid()

    assert 'value="03/04/2026"' in Everything(initial=form.cleaned_data).render()
