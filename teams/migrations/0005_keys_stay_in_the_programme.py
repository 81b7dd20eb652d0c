from django.db import migrations

# Django 5.2 cannot declare a foreign key of two columns. Nothing of one programme may name a thing of another, even
# where a view forgets to ask. NULL in either column is not checked, as with any foreign key.
KEYS = """
ALTER TABLE teams_service ADD CONSTRAINT service_and_its_programme UNIQUE (id, programme_id);
ALTER TABLE teams_team ADD CONSTRAINT team_and_its_programme UNIQUE (id, programme_id);
ALTER TABLE teams_team ADD CONSTRAINT lead_service_is_of_the_teams_programme
    FOREIGN KEY (lead_service_id, programme_id) REFERENCES teams_service (id, programme_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE teams_invitation ADD CONSTRAINT invitation_is_into_a_team_of_its_programme
    FOREIGN KEY (team_id, programme_id) REFERENCES teams_team (id, programme_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE teams_invitation ADD CONSTRAINT invitation_is_to_lead_a_service_of_its_programme
    FOREIGN KEY (service_id, programme_id) REFERENCES teams_service (id, programme_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE teams_invitation DROP CONSTRAINT invitation_is_to_lead_a_service_of_its_programme;
ALTER TABLE teams_invitation DROP CONSTRAINT invitation_is_into_a_team_of_its_programme;
ALTER TABLE teams_team DROP CONSTRAINT lead_service_is_of_the_teams_programme;
ALTER TABLE teams_team DROP CONSTRAINT team_and_its_programme;
ALTER TABLE teams_service DROP CONSTRAINT service_and_its_programme;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_retention_limit'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
