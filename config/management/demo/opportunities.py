"""The opportunities of the demo, as its teams raised them."""

import datetime as dt

from backlog.models import MustDo, Opportunity
from backlog.scoring import SIZES
from config.management.demo.clock import at
from config.management.demo.content import names, table
from config.management.demo.days import Days
from teams.models import Team, User

RAISED_BY = ["sunita@ambleford.example", "petra@ambleford.example", "tomos@ambleford.example"]
MUST_DO = {
    "HOU-17": (MustDo.SAFETY, "A home without heating is a danger to life in winter"),
    "HOU-29": (
        MustDo.LEGAL_DUTY,
        "Awaab’s Law: 10 working days to investigate, emergencies within 24 hours, since 27 October 2025",
    ),
}


def load(days: Days):
    load_housing(days)
    load_driver(days)


def load_housing(days):
    """Four a day over thirteen working days, the last a week ago, each ready for review the same day."""
    team = Team.objects.select_related("programme").get(slug="housing")
    themes = {theme.position: theme for theme in team.programme.themes.all()}
    services = {service.name: service for service in team.programme.services.all()}
    stages = {stage.position: stage for stage in team.journeys.get().stages.all()}
    people = list(User.objects.filter(email__in=RAISED_BY).order_by("email"))
    for number, row in enumerate(table("housing"), 1):
        raised = days.back(18 - (number - 1) // 4, 10 + (number - 1) % 4, 7 * number % 60)
        must_do, why = MUST_DO.get(f"HOU-{number}", (MustDo.NO, ""))
        by = people[number % len(people)]
        with at(raised):
            opportunity = Opportunity.objects.add(
                team,
                by=by,
                title=row["title"],
                recommendation=row["recommendation"],
                stage=stages[int(row["stage"])],
                themes=[themes[int(row["theme"])]],
                services=[services[name] for name in names(row["services"])],
                evidence_note=row["evidence"],
                earlier_participants=int(row["people"]),
                earlier_reference=f"{row['source']}, Housing research folder",
                must_do=must_do,
                must_do_reason=why,
            )
        with at(raised + dt.timedelta(minutes=25)):
            opportunity.mark_ready(by=by)


def load_driver(days):
    team = Team.objects.get(slug="view-my-driving-record")
    researcher, owner = (User.objects.get(email=f"{name}@ndra.example") for name in ("ines", "rhys"))
    with at(days.back(33, 15, 20)):
        opportunity = Opportunity.objects.add(
            team,
            by=researcher,
            title="People do not know whether they have left safely",
            recommendation="A way out on every page of the record, and a last page that says it is closed",
            stage=team.journeys.get().stages.last(),
            themes=team.programme.themes.all(),
            services=team.programme.services.all(),
            evidence_note="People on shared computers look for a way out and then close the whole browser",
            earlier_participants=4,
            earlier_reference="Private beta round 2, market-town libraries",
        )
        opportunity.mark_ready(by=researcher)
    with at(days.back(30, 11, 5)):
        opportunity.set_score(8, size("S"), by=owner)
        opportunity.take_forward(by=owner)
    with at(days.back(3, 10, 0)):
        opportunity.start_delivery(by=owner)


def size(letters):
    """XS, S, M, L or XL as its number; None where it is not yet known."""
    return next((number for number, name in SIZES.items() if name == letters), None)
