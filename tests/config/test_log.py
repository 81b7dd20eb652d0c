"""P18: no one's words in a log. A canary goes through everything that can fail."""

import datetime as dt
import io
import json
import logging
import smtplib

import pytest
from celery import shared_task
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.views.debug import ExceptionReporter

from config.log import JsonLines, redacted
from config.urls import handler400, handler403, handler404  # noqa: F401 - this module is a URLconf
from sprints.morning import send_due
from teams import jobs, mail
from teams.access import public
from teams.mail import Postman, post
from teams.models import Job, OutgoingMail, User
from tests.factories import MembershipFactory, UserFactory, raised_blocker
from tests.sprints.mornings import FRIDAY, MONDAY, at, during

CANARY = "ZZPII-Pat-Smith"
ADDRESS = f"{CANARY}@ambleford.example".lower()


@public
def fail(request, **kwargs):
    raise RuntimeError(f"Cannot read {request.POST.get('note')} of {ADDRESS}")


@public
def double(request):
    User.objects.bulk_create([User(email=ADDRESS, name=CANARY)] * 2)
    return HttpResponse()


@public
def sql(request):
    User.objects.extra(where=["length(email) = %s::int"], params=[CANARY]).first()
    return HttpResponse()


urlpatterns = [path("fail/<str:token>/", fail), path("double/", double), path("sql/", sql)]


@pytest.fixture
def lines():
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def clean(lines):
    """The lines so far, among which the canary must not be."""

    def check():
        assert CANARY.lower() not in json.dumps(lines()).lower()
        return lines()

    return check


@pytest.fixture
def visitor(settings, db):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = CANARY
    return client


@pytest.mark.parametrize(
    ("address", "error", "route"),
    [
        (f"/fail/{CANARY}/?q={CANARY}", "RuntimeError", "fail/<str:token>/"),
        ("/double/", "IntegrityError", "double/"),
        ("/sql/", "DataError", "sql/"),
    ],
)
def test_p18_a_page_that_fails_logs_where_and_not_what(visitor, clean, address, error, route):
    assert visitor.post(address, {"note": CANARY}).status_code == 500

    [line] = clean()
    assert (line["error"]["type"], line["page"], line["method"]) == (error, route, "POST")
    assert line["level"] == "error"
    assert "tests/config/test_log.py" in line["error"]["way"][-1] or line["error"]["cause"]
    assert line["at"].endswith("+00:00")


def test_p18_a_broken_constraint_is_named_and_its_key_is_not(clean, db):
    UserFactory(email=ADDRESS)
    try:
        with transaction.atomic():
            UserFactory(email=ADDRESS)
    except IntegrityError:
        logging.getLogger("teams").exception("A write failed")

    [line] = clean()
    assert line["error"]["sqlstate"] == "23505"
    assert line["error"]["constraint"].startswith("teams_user_email")


def test_p18_a_job_that_fails(clean, product_owner, settings):
    settings.JOBS = {"import": f"{__name__}.fail_the_job"}
    Job.objects.ask("import", by=product_owner.user, work={"note": CANARY})

    jobs.do_next()

    assert clean()[0]["error"]["type"] == "ValueError"


def fail_the_job(job):
    int(job.work["note"])


@shared_task
def fail_the_task(note):
    int(note)


def test_p18_a_task_that_fails(clean):
    fail_the_task.apply(args=[CANARY])

    assert any(line.get("error", {}).get("type") == "ValueError" for line in clean())


class Refusing:
    """A mail server that repeats the address in its refusal, as most do."""

    def offer(self, to):
        raise ConnectionResetError(f"<{to}>: no such person {CANARY}")

    def hang_up(self):
        pass

    say_goodbye = hang_up


@pytest.mark.django_db
def test_p18_a_letter_that_fails(clean, monkeypatch):
    post("invitation", to=ADDRESS, subject=CANARY, text=CANARY)
    monkeypatch.setattr("teams.mail.Line", Refusing)
    with Postman() as postman:
        for letter in OutgoingMail.objects.claim(1):
            postman.deliver(letter)

    clean()
    assert OutgoingMail.objects.get().attempts == 1


def test_p18_a_digest_that_cannot_be_made(clean, team, member, monkeypatch):
    with during(FRIDAY):
        raised_blocker(team, member.user, title=CANARY)

    def fails(digest, team):
        raise RuntimeError(f"Cannot write {digest.sections[0].lines[0].title} for {ADDRESS}")

    monkeypatch.setattr("sprints.morning.write", fails)
    send_due(at(MONDAY))

    assert [line["team"] for line in clean() if line["message"] == "A digest cannot be made"] == [team.pk]


class Silent(Refusing):
    """It takes the letter, and hangs up with the reader's name on its lips."""

    def offer(self, to):
        pass

    def hand_over(self, body):
        raise smtplib.SMTPServerDisconnected(f"{ADDRESS} {CANARY}")


def test_p18_a_digest_that_goes_wrong_all_the_way(clean, team, monkeypatch, settings):
    settings.MAIL_LEASE = dt.timedelta(0)
    for n in range(3):
        reader = MembershipFactory(team=team, user__email=f"{n}{ADDRESS}", user__name=f"{CANARY} {n}").user
    with during(FRIDAY):
        raised_blocker(team, reader, title=CANARY)
    send_due(at(MONDAY))
    OutgoingMail.objects.update(not_before=timezone.now(), give_up_at=timezone.now() + dt.timedelta(hours=1))

    for line in (Silent, Refusing):
        monkeypatch.setattr("teams.mail.Line", line)
        with Postman() as postman:
            [letter] = OutgoingMail.objects.claim(1)
            postman.deliver(letter)
    OutgoingMail.objects.filter(pk=letter.pk).update(give_up_at=timezone.now())
    OutgoingMail.objects.claim(1)
    mail.sweep()

    said = [line["message"] for line in clean()]
    assert said.count("Letters need a person") == 2
    assert "Letters taken back from a stopped worker" in said
    states = OutgoingMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["unknown", "failed", "waiting"]


def test_p34_a_refusal_says_who_asked_for_what(lines, service_lead, team):
    service_lead.get(f"/teams/{team.slug}/opportunities/?q={CANARY}")

    line = lines()[-1]
    assert (line["person"], line["page"]) == (service_lead.user.pk, "teams/<team>/opportunities/")
    assert line["session"] and CANARY not in str(line)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Letter to pat@ambleford.example failed", "Letter to [address] failed"),
        ("Link /invitations/8sK2_fjw93kdl2-fkw93kfoe02lf/", "Link /invitations/[token]/"),
        ("teams.tasks.send_waiting_mail", "teams.tasks.send_waiting_mail"),
        ("opportunity_score_says_who_and_when", "opportunity_score_says_who_and_when"),
    ],
)
def test_addresses_and_tokens_are_cut_out(text, kept):
    assert redacted(text) == kept


def test_a_line_of_log_cannot_be_forged(lines):
    logging.getLogger("teams").warning("Hello\n%s", '{"level": "error"}')

    assert len(lines()) == 1


def test_an_error_report_shows_no_value(rf):
    request = rf.post("/", {"note": CANARY})
    try:
        secret = CANARY
        raise RuntimeError
    except RuntimeError as error:
        report = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()

    assert secret not in report


def test_no_error_is_mailed(settings):
    assert settings.ADMINS == []
    handlers = [h for name in ("", "django", "django.request") for h in logging.getLogger(name).handlers]
    assert "AdminEmailHandler" not in {type(handler).__name__ for handler in handlers}
