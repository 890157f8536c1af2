"""The words by which claims are found again, as the index on them keeps them."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Value
from django.db.models.functions import Concat


class FoundBy(Func):
    """The words a text is found by: `claims_words`, which its migration explains."""

    function = "claims_words"
    arity = 1
    output_field = SearchVectorField()


SOURCE_NAME = Concat("title", Value(" "), "url")
"""What a source is found by."""
