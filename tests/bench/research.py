"""A round of 60 sessions with 200 observations each, and as many more of them as the programme has opportunities."""

import itertools
import uuid

from django.db import connection
from django.db.models import Count, Max, Sum
from django.utils import timezone

from research.models import Observation, Participant, Round, RoundState, Session, SessionState, Stamp
from tests.bench.targets import FLAT, SEARCHED, Ask, Goal, Target

SESSIONS, NOTES, A_FINDING_FROM = 60, 200, 60  # in a round, in a session, observations
RARE = 10  # findings of the first round that say the rare word
SENSE, NOTE, FOUND = f"analysis of {SESSIONS} × {NOTES}", "note a line", "findings of the programme"
PAGE, WRITE = Goal(growth=FLAT, statements=14), Goal(growth=FLAT, statements=20, rows=3, wal=8192, reply=5000)

NOTED = """
INSERT INTO research_observation (version, session_id, consent, kind, text, by_id, by_name, at, key)
SELECT 1, s.id, 'given', (ARRAY['said', 'did', 'context'])[1 + n %% 3],
    (ARRAY['I rang again on', 'Nobody told me before', 'Looked for the letter of', 'Waited at home all'])[1 + n %% 4]
        || ' day ' || n || (ARRAY[' about the repair', ' about the offer', ' about the rent'])[1 + n %% 3]
        || CASE WHEN n %% 4 = 0 THEN ' ' || %(common)s ELSE '' END,
    %(person)s, 'Person 1', now(), gen_random_uuid()
FROM research_session s JOIN research_round r ON r.id = s.round_id, generate_series(1, %(notes)s) AS n
WHERE r.team_id = %(team)s ORDER BY s.id, n
"""
LEARNED = """
INSERT INTO research_finding (version, team_id, round_id, stage_id, kind, statement, detail, state, recheck, people,
    agreed_by_id, agreed_at, created_by_id, created_at)
SELECT 1, r.team_id, r.id, (%(stages)s::bigint[])[1 + n %% 8], 'pain_point',
    'People have to ask about step ' || n || ' again' || CASE WHEN n %% 4 = 0 THEN ' ' || %(common)s ELSE '' END
        || CASE WHEN n <= %(rare_rows)s AND r.id = %(round)s THEN ' ' || %(rare)s ELSE '' END,
    'Seen in most sessions of the round.', 'agreed', '', 0, %(person)s, now(), %(person)s, now()
FROM research_round r, generate_series(1, %(findings)s) AS n WHERE r.team_id = %(team)s ORDER BY r.id, n
"""
RESTS = [
    """INSERT INTO research_finding_observations (finding_id, observation_id)
       SELECT f.id, o.id
       FROM (SELECT id, round_id, row_number() OVER (PARTITION BY round_id ORDER BY id) AS at FROM research_finding
             WHERE team_id = %(team)s) f
       JOIN (SELECT o.id, s.round_id, row_number() OVER (PARTITION BY s.round_id ORDER BY o.id) AS at
             FROM research_observation o JOIN research_session s ON s.id = o.session_id) o
       ON o.round_id = f.round_id AND o.at %% %(findings)s = f.at - 1 AND o.at %% 2 = 0""",
    """INSERT INTO research_finding_sessions (finding_id, session_id)
       SELECT DISTINCT l.finding_id, o.session_id FROM research_finding_observations l
       JOIN research_observation o ON o.id = l.observation_id
       JOIN research_finding f ON f.id = l.finding_id WHERE f.team_id = %(team)s""",
    """UPDATE research_finding f SET people = c.people
       FROM (SELECT finding_id, count(*) AS people FROM research_finding_sessions GROUP BY 1) c
       WHERE c.finding_id = f.id AND f.team_id = %(team)s""",
]


def seed(seeded):
    """The first round is whole at every size; more follow until there are as many observations as opportunities."""
    count = max(1, -(-seeded.size // (SESSIONS * NOTES)))
    rounds = [_round(seeded, number) for number in range(1, count + 1)]
    values = {
        "team": seeded.team.pk,
        "person": seeded.product_owner.pk,
        "stages": list(seeded.team.journeys.get().stages.values_list("pk", flat=True)),
        "round": rounds[0].pk,
        "notes": NOTES,
        "findings": SESSIONS * NOTES // A_FINDING_FROM,
        "common": seeded.common,
        "rare": seeded.rare,
        "rare_rows": RARE,
    }
    with connection.cursor() as cursor:
        for statement in (NOTED, LEARNED, *RESTS):
            cursor.execute(statement, values)


def _round(seeded, number):
    today, by = timezone.localdate(), seeded.product_owner
    round_ = Round.objects.create(
        team=seeded.team,
        name=f"Round {number}",
        questions="What is it like to move in?",
        created_by=by,
        state=RoundState.ANALYSIS,
        delete_by=today.replace(year=today.year + 1, day=1),
        groups="New tenant\nCarer",
    )
    people = Participant.objects.bulk_create(
        Participant(round=round_, code=f"P{n}", user_group="New tenant") for n in range(1, SESSIONS + 1)
    )
    sessions = Session.objects.bulk_create(_session(round_, one, today) for one in people)
    takers = Session.note_takers.through
    takers.objects.bulk_create(takers(session=one, user=by) for one in sessions)
    return round_


def _session(round_, participant, today):
    return Session(
        round=round_,
        participant=participant,
        code=participant.code,
        starts_at=timezone.now(),
        state=SessionState.HELD,
        consent="given",
        consent_on=today,
        consent_how="signed",
        consent_scopes=["notes"],
    )


def floor(seeded) -> list[Target]:
    return []


def targets(seeded) -> list[Target]:
    return [
        *(
            Target(name, itertools.repeat(Ask(address)), seeded.size, goal)
            for goal, pages in addresses(seeded)
            for name, address in pages.items()
        ),
        Target(NOTE, note_asks(seeded), seeded.size, WRITE, floor="(d2)"),
    ]


def addresses(seeded):
    """(what was promised, {name: address}) of the pages of the last round, behind which lie the notes of all others,
    of the team and of the programme."""
    team, programme = seeded.team, seeded.team.programme
    round_ = team.rounds.order_by("pk").last()
    round_url, research = round_.get_absolute_url(), f"/teams/{team.slug}/research/"
    found = f"/programmes/{programme.slug}/findings/"
    yield (
        PAGE,
        {
            f"session, {NOTES} notes": round_.sessions.order_by("pk").first().get_absolute_url(),
            SENSE: f"{round_url}analysis/",
            f"round, {SESSIONS} sessions": round_url,
            "findings of the team": f"{research}findings/",
            FOUND: found,
            "journey map": team.journeys.get().get_absolute_url(),
        },
    )
    yield (
        Goal(growth=SEARCHED, statements=12),
        {
            "analysis, common word": f"{round_url}analysis/?q={seeded.common}",
            "findings, rare word": f"{found}?q={seeded.rare}",
            "findings, common word": f"{found}?q={seeded.common}",
        },
    )


def note_asks(seeded):
    """Each a line of its own, from one session to the next, so that none grows much longer than the others. The page
    from which it is sent knows all that was there before."""
    round_, number = seeded.team.rounds.order_by("pk").first(), itertools.count(1)
    while True:
        stamps = Observation.objects.of_round(round_).order_by().values("session")
        for row in stamps.annotate(count=Count("pk"), last=Max("pk"), writes=Sum("version")).order_by("session")[1:]:
            lines = {"lines": f"> Looked for the number {next(number)}", "kind": "did", "key": str(uuid.uuid4())}
            seen = {"seen": str(Stamp(row["count"], row["last"], row["writes"]))}
            yield Ask(f"/teams/{seeded.team.slug}/research/sessions/{row['session']}/notes/", lines | seen)
