"""The publishing system says what it printed."""

from claims.api.answers import uses as answers
from claims.api.parameters import MOST_SEQ
from claims.api.uses import ReadUses
from claims.api.writes.bodies import one_field
from claims.api.writes.fields import Body, Field, a_list, an_object, reference, text, whole
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.services.uses import MOST_USES, MOST_WORDS, put_uses
from claims.states import Verb

USE = Body(
    {
        "claim": one_field(reference("ST")),
        "words": one_field(text(most=MOST_WORDS), "as printed"),
        "relied_seq": Field(
            whole(least=1, most=MOST_SEQ),
            "the ledger entry up to which you knew the claim; the last one where not given",
        ),
    }
)

PUT = Operation(
    "put_uses",
    Body({"uses": one_field(a_list(an_object(USE), most=MOST_USES), "all of them")}),
    answers.Uses,
    Verb.WRITE,
    is_matched=False,
    example={
        "uses": [
            {
                "claim": "ST-7K2M9Q",
                "words": "About 1,500 North Korean soldiers have reached Russia.",
            }
        ]
    },
)


class Uses(Writing, ReadUses):
    """What an article uses, and where the publishing system says so."""

    reader = ReadUses
    reader_route = "api-article-uses"

    @writes(PUT)
    def put(self, act: Act) -> Done:
        """Say which claims an article of ours uses, in which words; all of them at once.

        What was said before is replaced: what is left out ends. It depends on no version, since
        what was printed was printed; where a claim fell meanwhile, a correction is due at once.
        """
        put_uses(act.actor, article=act.reference, uses=act.given["uses"])
        return Done(act.reference)
