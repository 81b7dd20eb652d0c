"""What research data a programme holds and until when: for its administrators, who see none of the data itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from research import erasure
from research.consent_forms import EraseForm
from research.models import Round
from teams.access import for_programme
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.MANAGE_PROGRAMME)
def data(request, programme):
    return _page(request, programme)


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def decide(request, programme, round):
    """Allow or refuse to keep a round longer."""
    round_ = _round(programme, round)
    asked = round_.longer.open().first()
    answer = {"allow": True, "refuse": False}.get(request.POST.get("answer"))
    if asked is None or answer is None:
        return _page(request, programme, problem="There is nothing to answer here any more", status=422)
    try:
        asked.decide(answer, by=request.user)
    except ValidationError as problem:
        return _page(request, programme, problem=problem.messages[0], status=422)
    words = f"may be kept until {asked.until.day} {asked.until:%B %Y}" if answer else "is deleted as planned"
    messages.success(request, f"The data of {round_} {words}")
    return redirect("research:programme_data", programme.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def erase(request, programme, round):
    """In place of a researcher who is away: one participant who changed their mind, or the whole round."""
    round_ = _round(programme, round)
    form = EraseForm(request.POST if request.method == "POST" else None, sessions=round_.sessions.kept())
    if form.is_valid():
        session = form.cleaned_data["session"]
        try:
            erasure.withdraw(session, by=request.user) if session else erasure.erase_round(round_, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"The data of {session.code if session else 'everybody'} in {round_} is deleted")
            return redirect("research:programme_data", programme.slug)
    context = {"programme": programme, "round": round_, "form": form}
    return render(request, "research/programme_erase.html", context, status=422 if form.errors else 200)


def _page(request, programme, *, problem="", status=200):
    rounds = Round.objects.kept().of_programme(programme).with_counts().select_related("team")
    context = {
        "programme": programme,
        "rounds": rounds.prefetch_related("longer__asked_by").order_by("delete_by", "pk")[:200],
        "problem": problem,
    }
    return render(request, "research/programme_data.html", context, status=status)


def _round(programme, pk) -> Round:
    round_ = Round.objects.kept().of_programme(programme).filter(pk=pk).select_related("team__programme").first()
    if round_ is None:
        raise Http404
    return round_
