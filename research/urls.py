from django.urls import include, path

from research.views import (
    analysis,
    capture,
    consent,
    erasing,
    finding,
    findings,
    longer,
    merging,
    programme_data,
    round,
    rounds,
    session,
    spawning,
    threads,
    weeknotes,
)

app_name = "research"
ROUND = [
    path("", round.round, name="round"),
    path("edit/", round.edit, name="edit_round"),
    path("state/", round.become, name="round_state"),
    path("erase/", erasing.erase, name="erase_round"),
    path("longer/", longer.ask, name="keep_longer"),
    path("sessions/add/", session.plan, name="plan_session"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("analysis/group/", analysis.group, name="group"),
    path("findings/add/", finding.add, name="add_finding"),
]
SESSION = [
    path("", session.session, name="session"),
    path("edit/", session.edit, name="edit_session"),
    path("state/", session.become, name="session_state"),
    path("consent/", consent.record, name="consent"),
    path("withdraw/", erasing.withdraw, name="withdraw"),
    path("notes/", capture.note, name="note"),
    path("news/", capture.news, name="news"),
    path("notes/<int:observation>/", capture.edit_observation, name="edit_observation"),
    path("notes/<int:observation>/share/", capture.share, name="share_observation"),
    path("notes/<int:observation>/remove/", capture.remove_observation, name="remove_observation"),
    path("notes/<int:observation>/into/<what>/", spawning.from_observation, name="spawn_from_observation"),
]
FINDING = [
    path("", finding.finding, name="finding"),
    path("edit/", finding.edit, name="edit_finding"),
    path("state/", finding.become, name="finding_state"),
    path("split/", finding.split, name="split_finding"),
    path("merge/", merging.merge, name="merge_finding"),
    path("merge/undo/", merging.undo, name="undo_merge"),
    path("links/", finding.link, name="link_finding"),
    path("links/<reference>/remove/", finding.unlink, name="unlink_finding"),
    path("into/<what>/", spawning.from_finding, name="spawn_from_finding"),
]
urlpatterns = [
    path("teams/<team>/research/", rounds.rounds, name="rounds"),
    path("teams/<team>/research/add/", rounds.add, name="add_round"),
    path("teams/<team>/research/findings/", findings.findings, name="findings"),
    path("teams/<team>/research/gaps/", findings.gaps, name="gaps"),
    path("teams/<team>/research/rounds/<int:round>/", include(ROUND)),
    path("teams/<team>/research/sessions/<int:session>/", include(SESSION)),
    path("teams/<team>/research/findings/<int:finding>/", include(FINDING)),
    path("teams/<team>/sprints/<int:number>/weeknote/", weeknotes.weeknote, name="weeknote"),
    path("teams/<team>/sprints/<int:number>/weeknote/begin/", weeknotes.begin, name="begin_weeknote"),
    path("teams/<team>/sprints/<int:number>/weeknote/text/", weeknotes.text, name="weeknote_text"),
    path("programmes/<programme>/findings/", findings.programme_findings, name="programme_findings"),
    path("programmes/<programme>/research-data/", programme_data.data, name="programme_data"),
    path("programmes/<programme>/research-data/<int:round>/longer/", programme_data.decide, name="decide_longer"),
    path("programmes/<programme>/research-data/<int:round>/erase/", programme_data.erase, name="programme_erase"),
    path("opportunities/<reference>/thread/", threads.opportunity, name="opportunity_thread"),
    path("stories/<reference>/thread/", threads.story, name="story_thread"),
]
