from django.db import migrations

# Django 5.2 cannot declare a foreign key of two columns. A sprint of one team may not hold a story of another, even
# where a view forgets to ask.
KEYS = """
ALTER TABLE sprints_commitment ADD CONSTRAINT commitment_is_to_a_sprint_of_its_team
    FOREIGN KEY (sprint_id, team_id) REFERENCES sprints_sprint (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE sprints_commitment ADD CONSTRAINT commitment_is_to_a_story_of_its_team
    FOREIGN KEY (story_id, team_id) REFERENCES backlog_story (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE sprints_scopechange ADD CONSTRAINT scope_changes_by_what_was_in_the_sprint
    FOREIGN KEY (sprint_id, story_id) REFERENCES sprints_commitment (sprint_id, story_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE sprints_scopechange DROP CONSTRAINT scope_changes_by_what_was_in_the_sprint;
ALTER TABLE sprints_commitment DROP CONSTRAINT commitment_is_to_a_story_of_its_team;
ALTER TABLE sprints_commitment DROP CONSTRAINT commitment_is_to_a_sprint_of_its_team;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0008_story_keys'),
        ('sprints', '0004_commitments'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
