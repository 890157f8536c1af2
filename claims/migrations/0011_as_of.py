"""What finds an object's entries in the ledger: those of origins and articles, by reference.

An entry that puts an origin or an article on record, or changes an origin, sets one object, so the
first reference in its `sets` is it; entries from before this index have the same form. Of other
entries the index holds nothing, and asks only for their kind.
"""

from django.db import migrations

INDEX = r"""
CREATE INDEX ledger_by_object
    ON claims_ledgerentry (substring(body from '"sets":\{"((?:OR|AR)-[0-9A-Z]{6})"'), seq)
    WHERE kind IN ('origin_added', 'origin_edited', 'article_added');
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_tallies")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX ledger_by_object")]
