"""The journey maps of the demo."""

from backlog.models import Journey
from config.management.demo.clock import at
from config.management.demo.content import names, tree
from config.management.demo.days import Days
from teams.models import Team, User


def load(days: Days):
    with at(days.back(48, 14)):
        for content in tree("journeys")["journey"]:
            load_journey(content)


def load_journey(content):
    team = Team.objects.select_related("programme").get(slug=content["team"])
    by = User.objects.get(email=content["by"])
    services = {service.name: service for service in team.programme.services.all()}
    journey = Journey.objects.add(team, name=content["name"], slug=content["slug"], by=by)
    for step in content["stage"]:
        stage = journey.add_stage(step["name"], by=by)
        for touchpoint in step["touchpoints"]:
            name, channel, used = map(str.strip, touchpoint.split("|"))
            stage.add_touchpoint(name, channel=channel, services=[services[one] for one in names(used)], by=by)
