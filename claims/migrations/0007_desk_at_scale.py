"""A review and a proposal carry their claim's desk, so that one index has a queue in its order.

A claim never changes its desk, so the copy is made once, by the database, when the row is.
The desk stands last in these indexes: the order holds for people of several desks too, and rows of
other desks are passed over in the index, without a look at their claims. The lists of claims by one
word are counted in their index alone.
"""

import django.db.models.deletion
from django.db import migrations, models

DESK = """
CREATE FUNCTION work_at_desk() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT desk_id INTO NEW.desk_id FROM public.claims_claim WHERE id = NEW.claim_id;
    RETURN NEW;
END $$;
CREATE TRIGGER review_at_desk BEFORE INSERT OR UPDATE OF claim_id, desk_id ON claims_review
    FOR EACH ROW EXECUTE FUNCTION work_at_desk();
CREATE TRIGGER proposal_at_desk BEFORE INSERT OR UPDATE OF claim_id, desk_id ON claims_proposal
    FOR EACH ROW EXECUTE FUNCTION work_at_desk();
UPDATE claims_review SET desk_id = NULL;
UPDATE claims_proposal SET desk_id = NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""
NO_DESK = """
DROP TRIGGER review_at_desk ON claims_review;
DROP TRIGGER proposal_at_desk ON claims_proposal;
DROP FUNCTION work_at_desk();
"""


def desk(*, is_empty: bool) -> "models.ForeignKey[object, object]":
    """Return the column: made empty, filled, and never empty again."""
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=is_empty,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="claims.desk",
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_search")]

    operations = [
        migrations.AddField(model_name="review", name="desk", field=desk(is_empty=True)),
        migrations.AddField(model_name="proposal", name="desk", field=desk(is_empty=True)),
        migrations.RunSQL(DESK, NO_DESK),
        migrations.AlterField(model_name="review", name="desk", field=desk(is_empty=False)),
        migrations.AlterField(model_name="proposal", name="desk", field=desk(is_empty=False)),
        migrations.RemoveIndex(model_name="review", name="review_open_in_order"),
        migrations.RemoveIndex(model_name="review", name="review_open_due"),
        migrations.RemoveIndex(model_name="claim", name="claim_never_decided"),
        migrations.RemoveIndex(model_name="claim", name="claim_status_newest"),
        migrations.RemoveIndex(model_name="claim", name="claim_basis_not_holding"),
        *(
            migrations.AddIndex(
                model_name="claim",
                index=models.Index(
                    fields=[column, "-id", "visibility", "desk"], name=f"claim_{column}_newest"
                ),
            )
            for column in ("status", "ground", "kind")
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("basis", "holds"), _negated=True),
                fields=["basis", "-id", "visibility", "desk"],
                name="claim_basis_not_holding",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["counts_from_at", "id", "desk"],
                name="review_open_in_order",
                condition=models.Q(("ended_at__isnull", True)),
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["due_at", "desk"],
                name="review_open_due",
                condition=models.Q(("due_at__isnull", False), ("ended_at__isnull", True)),
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["proposed_at", "id", "desk"],
                name="proposal_open_in_order",
                condition=models.Q(("state", "open")),
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                condition=models.Q(("link_state", "live"), _negated=True),
                fields=["link_state", "-id"],
                name="source_not_live_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                condition=models.Q(("kind", "page"), _negated=True),
                fields=["kind", "-id"],
                name="source_no_page_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["id", "desk"],
                name="claim_never_decided",
                condition=models.Q(("closed_at__isnull", True), ("decided_at__isnull", True)),
            ),
        ),
    ]
