"""What the doors need of the database: claims by the date they are to be looked at again."""

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
    ]
