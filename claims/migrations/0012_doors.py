"""What the doors need of the database: claims by their next date, articles by address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_as_of")]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("review_by_on__isnull", False)),
                fields=["review_by_on", "id"],
                name="claim_review_by",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("url", ""), _negated=True),
                fields=["url"],
                name="article_by_url",
            ),
        ),
    ]
