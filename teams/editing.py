"""One way to rewrite a named thing: with a mistake, with a conflict, or done."""

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
            context |= both_texts(thing, form, make_form)
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


def both_texts(thing, form, make_form) -> dict:
    """What the other person saved, field by field, where it differs from what was sent; the form keeps the latter."""
    saved = get_object_or_404(type(thing)._base_manager, pk=thing.pk)  # or removed, not only rewritten
    theirs = make_form(None, initial=facts_of(saved))
    form.data = form.data.copy()
    form.data["version"] = saved.version
    names = [field.name for field in form.visible_fields()]
    texts = {name: (shown(theirs[name]), shown(form[name])) for name in names}
    return {
        "theirs": {name: saved for name, (saved, sent) in texts.items() if saved != sent},
        "change": Change.objects.about(thing).first(),
    }


def written(form) -> list:
    """What was typed into a form that cannot be saved as it stands: (label, words), for the page that says so."""
    typed = [field for field in form.visible_fields() if isinstance(field.field, forms.CharField)]
    return [(field.label, field.value()) for field in typed if field.value()]


def shown(field) -> str:
    """A field's answer as words: the labels of what was chosen, not their ids."""
    value = field.value()
    if not hasattr(field.field, "choices"):
        words = str(field.field.widget.format_value(value) or "")
        return words.replace("\r\n", "\n").strip()  # a browser sends other line ends than are kept
    wanted = {str(getattr(one, "pk", one)) for one in (value if isinstance(value, list) else [value or ""])}
    return ", ".join(str(label) for key, label in field.field.choices if str(key) in wanted)
