from django.db import migrations

# As in teams: nothing may name a thing of another programme, conversation or review, even where a view forgets to ask.
KEYS = """
ALTER TABLE backlog_opportunity ADD CONSTRAINT opportunity_and_its_programme UNIQUE (id, programme_id);
ALTER TABLE backlog_opportunity ADD CONSTRAINT opportunity_is_of_a_team_of_its_programme
    FOREIGN KEY (team_id, programme_id) REFERENCES teams_team (id, programme_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_opportunity ADD CONSTRAINT opportunity_is_merged_within_its_programme
    FOREIGN KEY (merged_into_id, programme_id) REFERENCES backlog_opportunity (id, programme_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_comment ADD CONSTRAINT comment_and_its_opportunity UNIQUE (id, opportunity_id);
ALTER TABLE backlog_comment ADD CONSTRAINT reply_is_to_a_comment_on_the_same_opportunity
    FOREIGN KEY (answers_id, opportunity_id) REFERENCES backlog_comment (id, opportunity_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backlog_reviewitem ADD CONSTRAINT review_item_and_its_session UNIQUE (id, session_id);
ALTER TABLE backlog_reviewsession ADD CONSTRAINT review_is_at_an_item_of_its_own
    FOREIGN KEY (current_id, id) REFERENCES backlog_reviewitem (id, session_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE backlog_reviewsession DROP CONSTRAINT review_is_at_an_item_of_its_own;
ALTER TABLE backlog_reviewitem DROP CONSTRAINT review_item_and_its_session;
ALTER TABLE backlog_comment DROP CONSTRAINT reply_is_to_a_comment_on_the_same_opportunity;
ALTER TABLE backlog_comment DROP CONSTRAINT comment_and_its_opportunity;
ALTER TABLE backlog_opportunity DROP CONSTRAINT opportunity_is_merged_within_its_programme;
ALTER TABLE backlog_opportunity DROP CONSTRAINT opportunity_is_of_a_team_of_its_programme;
ALTER TABLE backlog_opportunity DROP CONSTRAINT opportunity_and_its_programme;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0005_sorts_have_indexes'),
        ('teams', '0005_keys_stay_in_the_programme'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
