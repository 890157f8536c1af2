"""Claims are found by their words, in any language; the parts of a split claim are marked as such.

The words are made here, not by a text search configuration: what one is made of must not hang on
the server's locale or dictionaries, and no dictionary knows all languages of a desk. A word is its
beginning, in small letters: six letters, two of Hangul, so that endings and particles do not hide
it (`claims.text.page.stem` cuts the same way). Scripts without spaces give single characters.
Numbers are kept whole, without the separators of thousands.
"""

import claims.models.search
import django.contrib.postgres.indexes
from django.db import migrations, models

WORDS = r"""
CREATE FUNCTION claims_words(statement text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unspaced CONSTANT text := '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff'
        '\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])';
    plain text := translate(lower(normalize(left(statement, 2000), NFKC)), 'ё', 'е');
BEGIN
    plain := regexp_replace(plain, '(\d)[.,''’](?=\d)', '\1', 'g');
    IF octet_length(plain) <> length(plain) THEN
        plain := regexp_replace(plain, unspaced, ' \1 ', 'g');
    END IF;
    plain := regexp_replace(plain, '(?<=\d)(?=[^\d\s])|(?<=[^\d\s])(?=\d)', ' ', 'g');
    RETURN (
        SELECT array_to_tsvector(coalesce(array_agg(DISTINCT left(word, CASE
            WHEN ascii(word) BETWEEN 48 AND 57 THEN 20
            WHEN ascii(word) BETWEEN 44032 AND 55203 THEN 2
            ELSE 6 END)), '{}'))
        FROM regexp_split_to_table(plain, '[^[:alnum:]]+') AS word WHERE word <> ''
    );
END $$;
"""
NO_WORDS = "DROP FUNCTION claims_words(text);"


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_review_desk")]

    operations = [
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.AddIndex(
            model_name="claim",
            index=django.contrib.postgres.indexes.GinIndex(
                claims.models.search.FoundBy("statement"),
                gin_pending_list_limit=256,
                name="claim_words",
            ),
        ),
        migrations.AddField(
            model_name="claimlink",
            name="is_split_off",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
