"""When a digest was missed, or did not reach somebody, the one who looks after it is told by a letter.

Each letter has a name that says what it tells of, so telling twice is telling once.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.template.loader import render_to_string
from django.urls import reverse

from sprints.models import DigestRun
from sprints.readers import who_to_tell
from teams.mail import post_many
from teams.models import Letter, OutgoingMail

A_DAY = dt.timedelta(days=1)
TROUBLE = "digest trouble"
DIGESTS = [Letter.DIGEST, Letter.WAITING_ON_YOU]


def tell_of_missed(days, now):
    """One letter a team, whichever of these days it missed."""
    missed = {}
    runs = DigestRun.objects.missed().filter(on__in=days).select_related("team__programme").order_by("on")
    for run in runs:
        missed.setdefault(run.team, []).append(run)
    tell(
        "digest missed",
        [(team, runs[-1], {"days": [run.on for run in runs]}) for team, runs in missed.items()],
        subject="The digest of {} did not go out",
        now=now,
    )


def tell_of_trouble(now):
    """Once all letters of a run are settled, about those that did not arrive or may not have arrived."""
    recent = OutgoingMail.objects.filter(made_at__gte=now - A_DAY, dedupe__isnull=False)
    digests = recent.filter(kind__in=DIGESTS)
    troubled, teams = {}, set()
    for name, state, person, team in digests.that_need_a_person().values_list("dedupe", "state", "user__name", "team"):
        troubled.setdefault(run_named_in(name), []).append((person, state))
        teams.add(team)
    if not troubled:
        return
    told = recent.filter(kind=TROUBLE).values_list("dedupe", flat=True)
    busy = digests.unsettled().filter(team__in=teams).values_list("dedupe", flat=True)
    news = troubled.keys() - {run_named_in(name) for name in [*told, *busy]}
    runs = DigestRun.objects.filter(pk__in=news).select_related("team__programme")
    tell(
        TROUBLE,
        [(run.team, run, {"run": run, "letters": troubled[run.pk]}) for run in runs],
        subject="The digest of {} may not have reached everybody",
        now=now,
    )


def letters_in_doubt(now):
    """For rows that have a team: how many of its last day's letters did not arrive or may not have arrived."""
    recent = OutgoingMail.objects.filter(kind__in=DIGESTS, team=OuterRef("team"), made_at__gte=now - A_DAY)
    return Subquery(recent.that_need_a_person().order_by().values("team").annotate(number=Count("pk")).values("number"))


def run_named_in(dedupe) -> int:
    return int(dedupe.split("-")[1])


def tell(kind, news, *, subject, now):
    people = who_to_tell([team for team, _, _ in news])
    letters = [
        letter(kind, team, run, person, words, subject.format(team))
        for team, run, words in news
        for person in people[team.pk]
    ]
    post_many(letters, made_at=now, give_up_at=now + A_DAY)


def letter(kind, team, run, person, words, subject):
    log = f"{settings.SITE_URL}{reverse('sprints:digest_log', args=[team.slug])}"
    words |= {"team": team, "person": person, "log": log}
    return OutgoingMail(
        kind=kind,
        to=person.email,
        user=person,
        team=team,
        subject=subject,
        text=render_to_string(f"sprints/email/{kind.replace(' ', '_')}.txt", words),
        dedupe=f"{kind}-{run.pk}-{person.pk}",
    )
