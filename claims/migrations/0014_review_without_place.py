"""Whether a review waits for its place is told by an index that is nearly always empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0013_desk_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("counts_from_at__isnull", True), ("ended_at__isnull", True)),
                fields=["id"],
                name="review_without_place",
            ),
        ),
    ]
