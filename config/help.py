"""The user guide. A page is a template in templates/help/; anybody may read it, signed in or not."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teams.access import public
from teams.permissions import ALLOWED, Can, Role

PAGES = {
    "setup": "Setting up a programme and its teams",
    "leads": "For service leads",
    "opportunities": "Opportunities, value and size",
    "review": "The review session",
    "playbacks": "Playbacks",
    "order": "The order of the backlog, and the roadmap",
    "journeys": "Journey maps",
    "stories": "Stories, bugs and tasks",
    "sprints": "Sprints and the board",
    "research": "Research: sessions, notes and findings",
    "import": "Bringing a spreadsheet, taking one away",
    "standup": "The stand-up",
    "blockers": "Blockers",
    "digest": "The morning digest",
    "account": "Your account",
    "roles": "Who may do what",
    "keyboard": "Keyboard",
    "accessibility": "Accessibility statement",
    "privacy": "Privacy and cookies",
}


@public
@require_http_methods(["GET", "HEAD"])
def index(request):
    return render(request, "help/index.html", {"pages": PAGES})


@public
@require_http_methods(["GET", "HEAD"])
def page(request, name):
    if name not in PAGES:
        raise Http404
    context = {"pages": PAGES, "name": name, "heading": PAGES[name], "roles": list(Role), "table": who_may()}
    return render(request, f"help/{name}.html", context)


def who_may():
    """(what, [whether each role may]) straight from the table that the doors use."""
    return [(can.label, [can in ALLOWED[role] for role in Role]) for can in Can]
