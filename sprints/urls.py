from django.urls import include, path

from sprints.views import (
    blocker,
    blocker_report,
    board,
    digest,
    digest_log,
    ledger,
    planning,
    pulling,
    running,
    sprint,
    sprints,
    standup,
    standup_extras,
)

app_name = "sprints"
BLOCKER = [
    path("", blocker.blocker, name="blocker"),
    path("edit/", blocker.edit, name="edit_blocker"),
    path("take/", blocker.take, name="take_blocker"),
    path("assign/", blocker.assign, name="assign_blocker"),
    path("escalate/", blocker.escalate, name="escalate_blocker"),
    path("hand-back/", blocker.hand_back, name="hand_back_blocker"),
    path("resolve/", blocker.resolve, name="resolve_blocker"),
    path("withdraw/", blocker.withdraw, name="withdraw_blocker"),
    path("reopen/", blocker.reopen, name="reopen_blocker"),
    path("still/", blocker.confirm, name="confirm_blocker"),
    path("say/", blocker.say, name="say_on_blocker"),
]
STANDUP = [
    path("", standup.standup_on, name="standup_on"),
    path("for/<int:membership>/", standup.standup_for, name="standup_for"),
    path("away/", standup_extras.away, name="away"),
    path("here/", standup_extras.here, name="here"),
    path("talk/", standup_extras.talk, name="talk_after"),
    path("talk/<int:talk>/done/", standup_extras.talked, name="talked"),
    path("goal/", standup_extras.goal, name="goal_check"),
]
SPRINT = [
    path("", sprint.sprint, name="sprint"),
    path("history/", sprint.history, name="sprint_history"),
    path("edit/", planning.edit, name="edit_sprint"),
    path("plan/", planning.plan, name="plan"),
    path("start/", running.start, name="start"),
    path("close/", running.close, name="close"),
    path("cancel/", running.cancel, name="cancel"),
    path("news/", board.news, name="board_news"),
    path("cards/<reference>/move/", board.move_card, name="move_card"),
]
urlpatterns = [
    path("teams/<team>/standup/", standup.standup, name="standup"),
    path("teams/<team>/standup/walk/", standup.walk, name="walk"),
    path("teams/<team>/standup/<day>/", include(STANDUP)),
    path("blockers/", ledger.escalated, name="escalated"),
    path("programmes/<programme>/blockers/", blocker_report.programme, name="programme_blockers"),
    path("teams/<team>/blockers/", ledger.blockers, name="blockers"),
    path("teams/<team>/blockers/raise/", blocker.raise_one, name="raise_blocker"),
    path("teams/<team>/blockers/report/", blocker_report.team, name="blocker_report"),
    path("teams/<team>/blockers/limits/", ledger.limits, name="limits"),
    path("teams/<team>/blockers/<int:blocker>/", include(BLOCKER)),
    path("teams/<team>/digest/", digest.digest, name="digest"),
    path("teams/<team>/digest/settings/", digest.settings, name="digest_settings"),
    path("teams/<team>/digest/test/", digest.send_test, name="digest_test"),
    path("teams/<team>/digest/log/", digest_log.log, name="digest_log"),
    path("teams/<team>/digest/log/<int:letter>/again/", digest_log.send_again, name="send_digest_again"),
    path("teams/<team>/sprints/", sprints.sprints, name="sprints"),
    path("teams/<team>/sprints/new/", sprints.new, name="new_sprint"),
    path("teams/<team>/sprints/pull/", pulling.pull, name="pull"),
    path("teams/<team>/sprints/<int:number>/", include(SPRINT)),
]
