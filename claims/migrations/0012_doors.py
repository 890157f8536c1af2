"""What the doors need of the database."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_as_of")]

    operations: list[Operation] = []
