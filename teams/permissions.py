"""Who may do what (domain.md §2.3), as data. A plain yes for a role is a cell here; "own" and "invited" are
questions on the thing itself. This module imports no models: models import it."""

from django.db.models import TextChoices


class Role(TextChoices):
    PRODUCT_OWNER = "product_owner", "Product owner"
    DELIVERY_MANAGER = "delivery_manager", "Delivery manager"
    RESEARCHER = "researcher", "User researcher"
    MEMBER = "member", "Team member"
    SERVICE_LEAD = "service_lead", "Service lead"
    ADMIN = "admin", "Administrator"


TEAM_ROLES = [Role.PRODUCT_OWNER, Role.DELIVERY_MANAGER, Role.RESEARCHER, Role.MEMBER]


class Can(TextChoices):
    SEE_PROGRAMME = "see_programme", "see the programme's page"
    READ_PROGRAMME_BACKLOG = "read_programme_backlog", "read the programme backlog"
    READ = "read", "read the team's pages"
    RAISE = "raise", "add opportunities and comment"
    WORK = "work", "add stories, work on them and tick what is done"
    SET_SIZE = "set_size", "set size"
    SET_VALUE = "set_value", "set value"
    REOPEN = "reopen", "bring parked opportunities back to review"
    DECIDE = "decide", "decide outcomes"
    RECORD_REVIEW = "record_review", "run a review session and record its decisions"
    ORDER = "order", "put opportunities and stories in order"
    SIGN_OFF = "sign_off", "sign off stories, and name a deputy who may"
    DEFINE = "define", "say when a story is ready and when it is done"
    IMPORT = "import", "import opportunities"
    EDIT_JOURNEY = "edit_journey", "edit journey maps"
    STAND_UP = "stand_up", "post a stand-up entry and raise blockers"
    SPEAK_FOR = "speak_for", "post a stand-up entry for somebody else"
    STEER_BLOCKERS = "steer_blockers", "assign, escalate and resolve any blocker"
    TAKE_BACK_BLOCKERS = "take_back_blockers", "withdraw or hand back any blocker"
    SEND_DIGEST = "send_digest", "send a test of the digest, or a letter again"
    MOVE_STORY = "move_story", "move stories on the board"
    PLAN_SPRINT = "plan_sprint", "plan, start and close sprints"
    CANCEL_SPRINT = "cancel_sprint", "cancel a sprint"
    READ_FINDINGS = "read_findings", "search what the programme’s teams have learned"
    READ_NOTES = "read_notes", "read the raw notes of research"
    AGREE_FINDING = "agree_finding", "agree what research has found"
    RUN_RESEARCH = "run_research", "plan research, record consent, see participants"
    ERASE = "erase", "delete what participants gave"
    COMPOSE_PLAYBACK = "compose_playback", "compose and share playbacks"
    CLOSE_PLAYBACK = "close_playback", "close a playback with an outcome for each item"
    SEE_TEAM = "see_team", "see who is in the team"
    MANAGE_TEAM = "manage_team", "change the team's settings"
    MANAGE_PEOPLE = "manage_people", "invite people and change roles"
    MANAGE_PROGRAMME = "manage_programme", "change the programme"


TAKES_PART = {
    Can.SEE_PROGRAMME,
    Can.READ_PROGRAMME_BACKLOG,
    Can.READ,
    Can.RAISE,
    Can.WORK,
    Can.SET_SIZE,
    Can.EDIT_JOURNEY,
    Can.STAND_UP,
    Can.MOVE_STORY,
    Can.READ_FINDINGS,
    Can.SEE_TEAM,
}

ALLOWED = {
    Role.PRODUCT_OWNER: TAKES_PART
    | {
        Can.SET_VALUE,
        Can.REOPEN,
        Can.DECIDE,
        Can.RECORD_REVIEW,
        Can.ORDER,
        Can.IMPORT,
        Can.STEER_BLOCKERS,
        Can.SEND_DIGEST,
        Can.PLAN_SPRINT,
        Can.CANCEL_SPRINT,
        Can.SIGN_OFF,
        Can.DEFINE,
        Can.READ_NOTES,
        Can.AGREE_FINDING,
        Can.COMPOSE_PLAYBACK,
        Can.CLOSE_PLAYBACK,
    },
    Role.DELIVERY_MANAGER: TAKES_PART
    | {
        Can.RECORD_REVIEW,
        Can.IMPORT,
        Can.MANAGE_TEAM,
        Can.SPEAK_FOR,
        Can.STEER_BLOCKERS,
        Can.SEND_DIGEST,
        Can.TAKE_BACK_BLOCKERS,
        Can.PLAN_SPRINT,
        Can.DEFINE,
        Can.READ_NOTES,
        Can.COMPOSE_PLAYBACK,
    },
    Role.RESEARCHER: TAKES_PART
    | {Can.REOPEN, Can.READ_NOTES, Can.AGREE_FINDING, Can.RUN_RESEARCH, Can.ERASE, Can.COMPOSE_PLAYBACK},
    Role.MEMBER: TAKES_PART,
    Role.SERVICE_LEAD: {Can.SEE_PROGRAMME, Can.READ_PROGRAMME_BACKLOG},
    Role.ADMIN: {Can.SEE_PROGRAMME, Can.SEE_TEAM, Can.MANAGE_TEAM, Can.MANAGE_PEOPLE, Can.MANAGE_PROGRAMME},
}

# What is left of them in a team that is archived: to read it, to decide who may, and to bring it back. A participant
# may change their mind there too.
ALLOWED_IN_ARCHIVED = {
    Can.SEE_PROGRAMME,
    Can.READ_PROGRAMME_BACKLOG,
    Can.READ,
    Can.READ_FINDINGS,
    Can.READ_NOTES,
    Can.ERASE,
    Can.SEE_TEAM,
    Can.MANAGE_PEOPLE,
    Can.MANAGE_PROGRAMME,
}
