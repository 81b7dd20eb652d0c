from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from backlog.forms import SavedViewForm
from teams.access import for_team
from teams.permissions import Can


@require_POST
@for_team(Can.READ)
def save_view(request, team):
    """Keep the list's filters and sort under a name; the same name again replaces it."""
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Give the view a name of up to 40 characters")
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    request.user.saved_views.filter(team=team, name__iexact=name).delete()
    request.user.saved_views.create(team=team, name=name, query=query)
    messages.success(request, f"Kept the view “{name}”. It stands above the list, for you alone")
    return redirect(f"{reverse('backlog:opportunities', args=[team.slug])}?{query}")


@require_POST
@for_team(Can.READ)
def forget_view(request, team, pk):
    view = get_object_or_404(request.user.saved_views, team=team, pk=pk)
    view.delete()
    messages.success(request, f"Removed the view “{view.name}”")
    return redirect("backlog:opportunities", team.slug)
