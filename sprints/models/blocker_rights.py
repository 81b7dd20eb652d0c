"""Who may do what with a blocker (domain.md §2.2, §2.3): its steerers anything, others what is theirs.

Whoever asks has come through a door: they are in the team, or the blocker is escalated to them.
"""

from teams.permissions import Can


def steers(blocker, user, standing):
    return standing.may(Can.STEER_BLOCKERS)


def takes_part(blocker, user, standing):
    return standing.may(Can.STAND_UP)


def owns(blocker, user, standing):
    return blocker.owner_id == user.pk and takes_part(blocker, user, standing)


def raised(blocker, user, standing):
    return blocker.raised_by_id == user.pk and takes_part(blocker, user, standing)


def is_asked(blocker, user, standing):
    return blocker.escalated_to_id == user.pk and not standing.is_archived


def may_take_back(blocker, user, standing):
    return standing.may(Can.TAKE_BACK_BLOCKERS)


RIGHTS = {
    "edit": [steers, owns, raised],
    "take": [takes_part],
    "assign": [steers],
    "escalate": [steers, owns],
    "hand_back": [is_asked, may_take_back],
    "resolve": [steers, owns, raised, is_asked],
    "withdraw": [raised, may_take_back],
    "reopen": [takes_part],
    "confirm": [takes_part],
    "say": [takes_part, is_asked],
}
