import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backlog", "0012_searches_read_a_column")]

    operations = [
        migrations.RemoveConstraint("storylink", "story_link_leads_to_the_web_or_to_a_page_of_ours"),
        migrations.RenameModel("StoryLink", "Link"),
        migrations.AddField(
            "link",
            "opportunity",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="backlog.opportunity",
            ),
        ),
        migrations.AlterField(
            "link",
            "story",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="links", to="backlog.story"
            ),
        ),
        # Going back, a story is asked for again: links of opportunities go.
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM backlog_link WHERE story_id IS NULL"),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=models.Q(("address__regex", "^(https?://|/[a-z])")),
                name="a_link_leads_to_the_web_or_to_a_page_of_ours",
            ),
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opportunity__isnull", False), ("story", None)),
                    models.Q(("opportunity", None), ("story__isnull", False)),
                    _connector="OR",
                ),
                name="a_link_is_on_one_thing",
            ),
        ),
    ]
