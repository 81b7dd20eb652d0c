"""What people may send about journeys. Forms clean input; the rules are the models'."""

from django import forms
from django.db.models import Q

from backlog.models import Channel, Journey
from teams.forms import Versioned, words


class NewJourneyForm(forms.Form):
    name = words(
        "Name", 100, "Enter the name of the journey", "What a person goes through, like Being a council tenant"
    )
    kind = forms.ChoiceField(
        label="What does it show?", choices=Journey.Kind, widget=forms.RadioSelect, initial=Journey.Kind.AS_IS
    )


class JourneyForm(NewJourneyForm, Versioned):
    pass


class NewStageForm(forms.Form):
    name = words("Name of the stage", 100, "Enter the name of the stage", "One step of the journey, like Moving in")


class StageForm(NewStageForm, Versioned):
    pass


class NewTouchpointForm(forms.Form):
    name = words(
        "Name of the touchpoint",
        100,
        "Enter the name of the touchpoint",
        "One contact with a service, like Offer letter",
    )
    channel = forms.ChoiceField(choices=[("", "Not said"), *Channel.choices], required=False)
    services = forms.ModelMultipleChoiceField(None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, programme, linked=(), **kwargs):
        """`linked` are the ids of services it has already, which stay offered when they are archived."""
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = programme.services.filter(Q(archived_at=None) | Q(pk__in=linked))


class TouchpointForm(NewTouchpointForm, Versioned):
    pass


class PlaceForm(forms.Form):
    """Where to put one of several things that stand in a row: one up, one down, or at a place."""

    to = forms.TypedChoiceField(label="Move it to", coerce=int, error_messages={"required": "Choose where to move it"})

    def __init__(self, data, *, thing, row):
        """`row` are all of them in order, `thing` among them."""
        names = [one.name for one in row if one.pk != thing.pk]
        places = [(1, "First"), *((place, f"{place}, after {name}") for place, name in enumerate(names, 2))]
        super().__init__(_as_place(data, thing, len(row)), initial={"to": thing.position})
        self.fields["to"].choices = places


def _as_place(data, thing, last):
    """Up and down are places too, so that a button says the same as the list of places."""
    steps = {"up": max(thing.position - 1, 1), "down": min(thing.position + 1, last)}
    return data if data is None else {"to": steps.get(data.get("to"), data.get("to"))}


def tell_stages_apart(field):
    """A journey as it is and one as it should be often share the names of stages: then each says whose it is."""
    if field.queryset.order_by().values("journey").distinct().count() > 1:
        field.label_from_instance = lambda stage: f"{stage.name} ({stage.journey.name})"
