from django.db import migrations

# Django 5.2 cannot declare a foreign key of two columns. The first makes it impossible that an observation stands
# without consent: its own copy says "given", and must equal its session's. The others keep a participant in their
# round and a finding in the team of its round, even where a view forgets to ask.
KEYS = """
ALTER TABLE research_session ADD CONSTRAINT session_and_its_consent UNIQUE (id, consent);
ALTER TABLE research_observation ADD CONSTRAINT observation_is_of_a_session_with_consent
    FOREIGN KEY (session_id, consent) REFERENCES research_session (id, consent) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_participant ADD CONSTRAINT participant_and_their_round UNIQUE (id, round_id);
ALTER TABLE research_session ADD CONSTRAINT participant_is_of_the_sessions_round
    FOREIGN KEY (participant_id, round_id) REFERENCES research_participant (id, round_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_round ADD CONSTRAINT round_and_its_team UNIQUE (id, team_id);
ALTER TABLE research_finding ADD CONSTRAINT finding_is_of_a_round_of_its_team
    FOREIGN KEY (round_id, team_id) REFERENCES research_round (id, team_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE research_finding DROP CONSTRAINT finding_is_of_a_round_of_its_team;
ALTER TABLE research_round DROP CONSTRAINT round_and_its_team;
ALTER TABLE research_session DROP CONSTRAINT participant_is_of_the_sessions_round;
ALTER TABLE research_participant DROP CONSTRAINT participant_and_their_round;
ALTER TABLE research_observation DROP CONSTRAINT observation_is_of_a_session_with_consent;
ALTER TABLE research_session DROP CONSTRAINT session_and_its_consent;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('research', '0001_rounds_sessions_findings'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
