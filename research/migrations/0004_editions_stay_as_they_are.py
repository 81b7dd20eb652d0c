from django.db import migrations

# Nothing may name a thing of another team or playback, even where a view forgets to ask. And what was shared stays as
# it was read: the database refuses to change an edition or to take one away. Only a participant's words can be taken out
# of it, by the one place that does so (teams/redaction.py).
KEYS = """
ALTER TABLE backlog_opportunity ADD CONSTRAINT opportunity_and_its_team UNIQUE (id, team_id);
ALTER TABLE research_playback ADD CONSTRAINT playback_and_its_team UNIQUE (id, team_id);
ALTER TABLE research_playbackitem ADD CONSTRAINT playback_item_is_of_its_playbacks_team
    FOREIGN KEY (playback_id, team_id) REFERENCES research_playback (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_playbackitem ADD CONSTRAINT playback_item_is_an_opportunity_of_its_team
    FOREIGN KEY (opportunity_id, team_id) REFERENCES backlog_opportunity (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_playbackitem ADD CONSTRAINT playback_item_is_a_story_of_its_team
    FOREIGN KEY (story_id, team_id) REFERENCES backlog_story (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_finding ADD CONSTRAINT finding_and_its_team UNIQUE (id, team_id);
ALTER TABLE research_playbackitem ADD CONSTRAINT playback_item_is_a_finding_of_its_team
    FOREIGN KEY (finding_id, team_id) REFERENCES research_finding (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_playbackitem ADD CONSTRAINT playback_item_and_its_playback UNIQUE (id, playback_id);
ALTER TABLE research_reviewer ADD CONSTRAINT reviewer_and_their_playback UNIQUE (id, playback_id);
ALTER TABLE research_response ADD CONSTRAINT response_is_by_a_reviewer_of_its_playback
    FOREIGN KEY (reviewer_id, playback_id) REFERENCES research_reviewer (id, playback_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_response ADD CONSTRAINT response_is_to_an_item_of_its_playback
    FOREIGN KEY (item_id, playback_id) REFERENCES research_playbackitem (id, playback_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_reply ADD CONSTRAINT reply_is_to_a_reviewer_of_its_playback
    FOREIGN KEY (reviewer_id, playback_id) REFERENCES research_reviewer (id, playback_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE research_reply ADD CONSTRAINT reply_is_about_an_item_of_its_playback
    FOREIGN KEY (item_id, playback_id) REFERENCES research_playbackitem (id, playback_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEYS = """
ALTER TABLE research_reply DROP CONSTRAINT reply_is_about_an_item_of_its_playback;
ALTER TABLE research_reply DROP CONSTRAINT reply_is_to_a_reviewer_of_its_playback;
ALTER TABLE research_response DROP CONSTRAINT response_is_to_an_item_of_its_playback;
ALTER TABLE research_response DROP CONSTRAINT response_is_by_a_reviewer_of_its_playback;
ALTER TABLE research_reviewer DROP CONSTRAINT reviewer_and_their_playback;
ALTER TABLE research_playbackitem DROP CONSTRAINT playback_item_and_its_playback;
ALTER TABLE research_playbackitem DROP CONSTRAINT playback_item_is_a_finding_of_its_team;
ALTER TABLE research_finding DROP CONSTRAINT finding_and_its_team;
ALTER TABLE research_playbackitem DROP CONSTRAINT playback_item_is_a_story_of_its_team;
ALTER TABLE research_playbackitem DROP CONSTRAINT playback_item_is_an_opportunity_of_its_team;
ALTER TABLE research_playbackitem DROP CONSTRAINT playback_item_is_of_its_playbacks_team;
ALTER TABLE research_playback DROP CONSTRAINT playback_and_its_team;
ALTER TABLE backlog_opportunity DROP CONSTRAINT opportunity_and_its_team;
"""
FREEZE = """
CREATE FUNCTION research_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('throughline.takes_words_out', true) = 'yes' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'An edition stays as it was shared' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER an_edition_is_frozen BEFORE UPDATE OR DELETE ON research_edition
    FOR EACH ROW EXECUTE FUNCTION research_refuse_change();
CREATE TRIGGER an_edition_item_is_frozen BEFORE UPDATE OR DELETE ON research_editionitem
    FOR EACH ROW EXECUTE FUNCTION research_refuse_change();
"""
THAW = """
DROP TRIGGER an_edition_item_is_frozen ON research_editionitem;
DROP TRIGGER an_edition_is_frozen ON research_edition;
DROP FUNCTION research_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0011_comments_on_stories'),
        ('research', '0003_playbacks'),
    ]

    operations = [migrations.RunSQL(KEYS, NO_KEYS), migrations.RunSQL(FREEZE, THAW)]
