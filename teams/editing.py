"""One way to rewrite a named thing: with a mistake, with a conflict, or done."""

import hashlib

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from teams.models import Change, Conflict


def edit(request, thing, make_form, *, context, then, then_args=(), template="teams/form.html", save=None):
    """Show the form of `thing` and save what comes back.

    `make_form(data, initial)` makes the form; `save` does it where the thing's own `edit` is not all. When somebody
    saved meanwhile, both texts are shown and nothing is lost.
    """
    form = make_form(request.POST if request.method == "POST" else None, initial=facts_of(thing))
    context = context | {"form": form}
    if form.is_valid():
        answers = dict(form.cleaned_data)
        thing.version = answers.pop("version")
        was = str(thing)
        try:
            (save or thing.edit)(by=request.user, **answers)
        except Conflict:
            saved = get_object_or_404(type(thing)._base_manager, pk=thing.pk)  # or removed, not only rewritten
            context |= both_texts(saved, form, make_form(None, initial=facts_of(saved)))
            thing.refresh_from_db()  # the page is called by what is saved, not by what was refused
            return render(request, template, context, status=409)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{thing} is saved" if str(thing) == was else f"{was} is now called {thing}")
            return redirect(then, *then_args)
    return render(request, template, context, status=422 if form.errors else 200)


def facts_of(thing) -> dict:
    return {field.name: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def both_texts(thing, form, saved) -> dict:
    """What two people wrote, field by field, for the page that puts it together; `saved` is the form of what is saved.

    A field that only one of them changed says what that one wrote. Where both did, the form keeps what was sent and
    what is saved stands beside it; so it does wherever the two differ, when the form does not tell what was read.
    """
    read = dict(mark.split(":") for mark in form.data.get("as_read", "").split() if mark.count(":") == 1)
    form.data = form.data.copy()
    form.data["version"], form.data["as_read"] = thing.version, as_read(saved)
    differ = [(field, saved[field.name]) for field in form.visible_fields() if shown(field) != shown(saved[field.name])]
    return {
        "taken": {ours.name: theirs for ours, theirs in differ if read.get(ours.name) == _mark(ours)},
        "theirs": {
            ours.name: shown(theirs)
            for ours, theirs in differ
            if read.get(ours.name) not in (_mark(ours), _mark(theirs))
        },
        "change": Change.objects.about(thing).first(),
    }


def as_read(form) -> str:
    """A mark for what each field said when the form was first shown; it is sent back with the answers."""
    if form.is_bound:
        return form.data.get("as_read", "")
    return " ".join(f"{field.name}:{_mark(field)}" for field in form.visible_fields())


def _mark(field) -> str:
    return hashlib.blake2b(shown(field).encode(), digest_size=6).hexdigest()


def written(form) -> list:
    """What was answered in a form that cannot be saved as it stands: (label, words), for the page that says so."""
    answered = [(field.label, shown(field)) for field in form.visible_fields() if field.value()]
    return [(label, words) for label, words in answered if words]


def shown(field) -> str:
    """A field's answer as words: the labels of what was chosen, not their ids."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return "Yes" if field.field.to_python(value) else "No"
    if not hasattr(field.field, "choices"):
        words = str(field.field.widget.format_value(value) or "")
        return words.replace("\r\n", "\n").strip()  # a browser sends other line ends than are kept
    wanted = {str(getattr(one, "pk", one)) for one in (value if isinstance(value, list) else [value or ""])}
    return ", ".join(str(label) for key, label in field.field.choices if str(key) in wanted)
