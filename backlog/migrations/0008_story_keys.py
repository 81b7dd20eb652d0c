from django.db import migrations

# As in 0006: nothing may name a thing of another team or programme, even where a view forgets to ask.
KEYS = """
ALTER TABLE teams_membership ADD CONSTRAINT membership_and_its_place UNIQUE (id, team_id, user_id);
ALTER TABLE backlog_usergroup ADD CONSTRAINT user_group_and_its_team UNIQUE (id, team_id);
ALTER TABLE backlog_story ADD CONSTRAINT story_and_its_team UNIQUE (id, team_id);
ALTER TABLE backlog_story ADD CONSTRAINT story_and_its_programme UNIQUE (id, programme_id);
ALTER TABLE backlog_story ADD CONSTRAINT story_is_of_a_team_of_its_programme
    FOREIGN KEY (team_id, programme_id) REFERENCES teams_team (id, programme_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_story ADD CONSTRAINT story_is_under_an_opportunity_of_its_programme
    FOREIGN KEY (opportunity_id, programme_id) REFERENCES backlog_opportunity (id, programme_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_story ADD CONSTRAINT story_is_assigned_within_its_team
    FOREIGN KEY (assignment_id, team_id, assignee_id) REFERENCES teams_membership (id, team_id, user_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_story ADD CONSTRAINT story_is_for_a_user_group_of_its_team
    FOREIGN KEY (user_group_id, team_id) REFERENCES backlog_usergroup (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_storymove ADD CONSTRAINT move_is_in_the_team_of_its_story
    FOREIGN KEY (story_id, team_id) REFERENCES backlog_story (id, team_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE backlog_storymove DROP CONSTRAINT move_is_in_the_team_of_its_story;
ALTER TABLE backlog_story DROP CONSTRAINT story_is_for_a_user_group_of_its_team;
ALTER TABLE backlog_story DROP CONSTRAINT story_is_assigned_within_its_team;
ALTER TABLE backlog_story DROP CONSTRAINT story_is_under_an_opportunity_of_its_programme;
ALTER TABLE backlog_story DROP CONSTRAINT story_is_of_a_team_of_its_programme;
ALTER TABLE backlog_story DROP CONSTRAINT story_and_its_programme;
ALTER TABLE backlog_story DROP CONSTRAINT story_and_its_team;
ALTER TABLE backlog_usergroup DROP CONSTRAINT user_group_and_its_team;
ALTER TABLE teams_membership DROP CONSTRAINT membership_and_its_place;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0007_stories'),
        ('teams', '0005_keys_stay_in_the_programme'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
