import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from teams import jobs
from teams.models import Job
from teams.models.job import LostJob

HERE = "tests.teams.test_jobs."


@pytest.fixture
def job(team, product_owner, settings):
    settings.JOBS = {name: f"{HERE}{name}" for name in ["count", "mistake", "trip", "lose_the_database"]}
    return Job.objects.ask("count", by=product_owner.user, team=team, work={"rows": 3})


def count(job):
    job.progress(job.work["rows"], 3)


def mistake(job):
    raise ValidationError("Row 3 has no title")


def trip(job):
    raise ZeroDivisionError


def lose_the_database(job):
    raise OperationalError


def test_a_job_is_done_once_with_its_progress(job):
    assert jobs.do_next()
    assert not jobs.do_next()

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.problem) == ("done", 3, 3, "")
    assert job.finished_at


@pytest.mark.parametrize(
    ("kind", "problem"),
    [("mistake", "Row 3 has no title"), ("trip", "Something went wrong on our side, so the work was stopped")],
)
def test_a_job_that_fails_says_so(job, kind, problem):
    Job.objects.update(kind=kind)

    assert jobs.do_next()

    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", problem)


def test_the_oldest_goes_first(job, product_owner):
    Job.objects.ask("count", by=product_owner.user)

    assert Job.objects.take() == job


def worker_dies_with(job):
    taken = Job.objects.take()
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - dt.timedelta(minutes=3))
    return taken


def test_a_job_whose_worker_is_silent_is_taken_up_again(job):
    assert Job.objects.take() == job
    assert Job.objects.take() is None

    Job.objects.update(beat_at=timezone.now() - dt.timedelta(minutes=3))

    assert Job.objects.take() == job


def test_who_lost_the_job_can_write_nothing_more(job):
    silent = worker_dies_with(job)
    new = Job.objects.take()

    for attempt in [lambda: silent.progress(1, 3), silent.finish, lambda: silent.fail("no")]:
        with pytest.raises(LostJob):
            attempt()
    new.progress(2, 3)


def test_a_job_that_kills_its_worker_is_not_tried_for_ever(job):
    for _ in range(3):
        worker_dies_with(job)

    assert Job.objects.take() is None
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "The work stopped part of the way, three times")


def test_a_lost_database_is_no_failure_of_the_job(job):
    Job.objects.update(kind="lose_the_database")

    with pytest.raises(OperationalError):
        jobs.do_next()

    job.refresh_from_db()
    assert job.state == "running"
