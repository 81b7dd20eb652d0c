from django.db import migrations

KEY = """
ALTER TABLE backlog_comment ADD CONSTRAINT comment_and_its_story UNIQUE (id, story_id);
ALTER TABLE backlog_comment ADD CONSTRAINT reply_is_to_a_comment_on_the_same_story
    FOREIGN KEY (answers_id, story_id) REFERENCES backlog_comment (id, story_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_KEY = """
ALTER TABLE backlog_comment DROP CONSTRAINT reply_is_to_a_comment_on_the_same_story;
ALTER TABLE backlog_comment DROP CONSTRAINT comment_and_its_story;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0010_definitions_links_comments'),
    ]

    operations = [migrations.RunSQL(KEY, NO_KEY)]
