"""Cumulative flow and cycle time of a team, as its pages show them."""

import datetime as dt

from django.db.models import Count, Min, Q

from sprints.chart import draw_flow, draw_times
from sprints.flow import COLUMNS, cumulative_flow, cycle_time, typical
from teams import calendar

WEEKS = 6
STORIES = 200  # the last that were done


def flow_of(team, today) -> dict | None:
    """The last six weeks; None while nothing has been on the board."""
    closures = team.days_closed()
    days = calendar.working_days_between(today - dt.timedelta(weeks=WEEKS), today, team.division, closures)
    if not days:
        return None
    since = dt.datetime.combine(days[0], dt.time(), calendar.LOCAL)
    moves = list(team.story_moves.since(since).order_by("at", "pk").values_list("at", "from_state", "to_state"))
    now = team.stories.filter(state__in=set(COLUMNS) - {"done"}).values_list("state").annotate(count=Count("pk"))
    days = cumulative_flow(dict(now.order_by()), moves, days)
    if not any(sum(day.counts.values()) for day in days):
        return None
    return {"days": days, "drawing": draw_flow(days), "labels": COLUMNS}


def times_of(team) -> dict | None:
    """Working days from start to done of the last stories that were done; None without any."""
    closures = team.days_closed()
    began = Min("moves__at", filter=Q(moves__to_state="in_progress"))
    done = team.stories.exclude(done_at=None).order_by("-done_at")[:STORIES].annotate(began=began)
    rows = [(story, cycle_time(story.began or story.done_at, story.done_at, team.division, closures)) for story in done]
    if not rows:
        return None
    times = [time for _, time in rows]
    return {"rows": rows, "typical": typical(times), "drawing": draw_times(times)}
