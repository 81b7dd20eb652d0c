from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.forms import CommentForm
from backlog.models import Definitions, Story
from backlog.models.comment import conversation
from backlog.models.story_states import SPLIT_AT, StoryState
from backlog.story_forms import LinkForm, StoryForm
from backlog.story_step_forms import AssignForm
from backlog.views.talking import say
from teams.access import for_team, for_thing
from teams.editing import both_texts
from teams.models import Change, Conflict, Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_thing(Story, Can.READ)
def story(request, story):
    return story_page(request, story)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.WORK)
def add(request, team):
    """Add a story, a bug or a task. Sending the same form twice makes one."""
    form = _form_to_add(request, team)
    if form.is_valid():
        try:
            address = Submission.once(
                request.user, key_of(request), lambda: Story.objects.add(team, by=request.user, **form.facts())
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            if "another" not in request.POST:
                return redirect(address)
            messages.success(request, f"{address.strip('/').rpartition('/')[2]} is added")
            return redirect(_one_more(request))

    context = {"team": team, "form": form, "key": key_of(request)}
    return render(request, "backlog/story_add.html", context, status=422 if form.errors else 200)


def _form_to_add(request, team):
    """Empty, but for the type and the opportunity that the address may name."""
    given = {name: request.GET[name][:20] for name in ("kind", "opportunity") if name in request.GET}
    form = StoryForm(request.POST if request.method == "POST" else None, team=team, given=given)
    if request.method != "POST" and "another" in request.GET:
        form.fields["title"].widget.attrs["autofocus"] = True
    return form


def _one_more(request) -> str:
    """The same form again, for what is of the same type under the same opportunity."""
    same = {name: request.POST[name] for name in ("kind", "opportunity") if request.POST.get(name)}
    return f"{request.path}?{urlencode({'another': 'yes'} | same)}"


@require_http_methods(["GET", "HEAD"])
@for_team(Can.WORK)
def alike(request, team):
    """Stories whose title looks like the one being typed, so that nobody writes it twice."""
    found = team.stories.select_related("team").alike(request.GET.get("title", ""))
    return render(request, "backlog/_alike.html", {"alike": found, "team": team})


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Story, Can.WORK)
def edit(request, story):
    """Change its words and facts. When somebody saved meanwhile, both texts are shown and nothing is lost."""
    form = StoryForm(request.POST if request.method == "POST" else None, team=story.team, story=story)
    context = {"story": story, "team": story.team, "form": form}
    if form.is_valid():
        story.version = form.cleaned_data["version"] or story.version
        try:
            with transaction.atomic():
                story.edit(by=request.user, **form.facts())
        except Conflict:
            return render(request, "backlog/story_edit.html", context | _both_texts(form, story), status=409)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(story)
    return render(request, "backlog/story_edit.html", context, status=422 if form.errors else 200)


@require_POST
@for_thing(Story, Can.WORK)
def comment(request, story):
    """Say something about it, or answer what somebody said."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return story_page(request, story, form=form, status=422)
    return redirect(say(request, story, form.cleaned_data["text"]))


def story_page(request, story, *, form=None, link_form=None, status=200):
    """The reading page, also with a mistake in one of its small forms."""
    changes = Change.objects.latest_about(story)
    authority = story.authority_of(request.user)
    context = {
        "story": story,
        "team": story.team,
        "form": form or CommentForm(),
        "link_form": link_form or LinkForm(None, programme=story.programme_id, by=request.user),
        "assign_form": AssignForm(None, story=story),
        "key": fresh_key(),
        "criteria": list(story.criteria.all()),
        "links": story.links.all(),
        "steps": story.steps(authority) if request.standing.may(Can.WORK) else {},
        "missing": story.missing() if story.state == StoryState.BACKLOG else {},
        "definitions": Definitions.objects.of(story.team),
        "too_big": story.points == SPLIT_AT and story.is_open,
        "sign_offs": list(story.moves.about_sign_off()[:20]),
        "comments": conversation(story),
        "changes": changes,
        "undoable": [one for one in changes if story.may_be_undone_by(request.user, request.standing, one)],
    }
    return render(request, "backlog/story.html", context, status=status)


def _both_texts(form, story) -> dict:
    theirs = Story.objects.select_related("team__programme", "user_group", "opportunity").get(pk=story.pk)
    return both_texts(theirs, form, StoryForm(None, team=theirs.team, story=theirs)) | {"story": theirs}
