from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teams import first_start
from teams.access import for_anyone_signed_in, public
from teams.account_forms import SetupForm
from teams.permissions import ALLOWED, Can, Role


@require_http_methods(["GET", "HEAD", "POST"])
@public
def setup(request):
    """There only until the first account is made."""
    if not first_start.is_due():
        raise Http404
    form = SetupForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (user := begin(form)):
        return perform_login(request, user, email_verification="none", redirect_url="/setup/next/")
    return render(request, "teams/setup.html", {"form": form}, status=422 if form.errors else 200)


def begin(form):
    """The first administrator, or None with the reason on the form."""
    try:
        first_start.check_code(form.cleaned_data["code"])
    except ValidationError as problem:
        form.add_error("code", problem)
        return None
    return form.begin()


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def next_steps(request):
    """From an empty programme to a backlog."""
    administered = request.user.administered.select_related("programme").first()
    if not administered:
        raise Http404
    team = administered.programme.teams.in_use().first()
    own = request.user.memberships.current().filter(team=team).first()
    imports = own is not None and Can.IMPORT in ALLOWED[Role(own.role)]
    context = {"programme": administered.programme, "team": team, "imports": imports}
    return render(request, "teams/setup_next.html", context)
