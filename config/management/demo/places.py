"""Organisations, teams and people of the demo."""

import datetime as dt

from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import Days
from teams.models import Absence, Membership, Programme, ProgrammeAdmin, Service, ServiceLead, Team, Theme, User
from teams.models.user import Weekday

ADMINISTRATOR = "odette@ambleford.example"  # of both programmes; where she is, the demo is


def load(days: Days):
    content = tree("programmes")
    began = days.back(250, 9)
    for programme in content["programme"]:
        load_programme(programme, days)
    for person in content["person"]:
        with at(began):
            load_person(person, days)


def load_programme(content, days):
    programme = Programme.objects.create(
        name=content["name"], slug=content["slug"], organisation=content["organisation"]
    )
    Theme.objects.bulk_create(
        Theme(programme=programme, name=name, position=position) for position, name in enumerate(content["themes"], 1)
    )
    Service.objects.bulk_create(Service(programme=programme, name=name) for name in content["services"])
    for team in content["team"]:
        load_team(programme, team, days)


def load_team(programme, content, days):
    *_, current = phases = content["phases"]
    team = Team.objects.create(
        programme=programme,
        name=content["name"],
        slug=content["slug"],
        prefix=content["prefix"],
        lead_service=programme.services.get(name=content["lead_service"]),
        phase=current["phase"],
        standup_at=content["standup_at"],
    )
    for phase in phases:
        team.phase_changes.create(
            phase=phase["phase"],
            started_on=monday(days.weeks(-phase["weeks_ago"])),
            target_end_on=monday(days.weeks(phase["weeks_left"])) + dt.timedelta(days=4),
        )


def load_person(content, days):
    user = User.objects.create_user(content["email"], content["name"])  # no password: the sign-in page has a button
    user.confirm_email()
    if days_of_week := content.get("works_on"):
        user.work_on(Weekday[name.upper()] for name in days_of_week)
    for slug in content.get("teams", []):
        Membership.objects.create(
            team=Team.objects.get(slug=slug), user=user, role=content["role"], discipline=content["discipline"]
        )
    for name in content.get("leads", []):
        ServiceLead.objects.create(service=Service.objects.get(name=name), user=user)
    for slug in content.get("administers", []):
        ProgrammeAdmin.objects.create(programme=Programme.objects.get(slug=slug), user=user)
    if content.get("was_away_yesterday"):
        yesterday = days.back(1, 9).date()
        Absence.objects.create(user=user, starts_on=yesterday, ends_on=yesterday)


def monday(day):
    return day - dt.timedelta(days=day.weekday())
