"""The error tree of the record.

RecordError
├── InvalidInput        a field is wrong; carries `field` and `reason`
├── NotFound            nothing there that this actor may see
├── NotAllowed          the actor may see it, but may not do this
├── RevisionMoved       somebody changed the claim since the caller saw it
├── RuleRefused         the rules say no; carries the sentence for people
│   ├── TransitionRefused   the status table or the ground forbids it
│   └── ProposalVoid        the proposal no longer matches what was seen
├── AlreadyExists       the same thing is on record; carries its reference
└── LedgerBroken        the chain does not verify; carries the first bad seq
"""


class RecordError(Exception):
    """Base of every error the record raises on purpose; `str()` is one sentence for people."""


class InvalidInput(RecordError):
    """A field is wrong: which, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotFound(RecordError):
    """Nothing of that name that this actor may see."""


class NotAllowed(RecordError):
    """The actor may see it, but may not do this."""


class RevisionMoved(RecordError):
    """The claim changed since the caller saw it."""

    def __init__(self, *, seen: int, now: int) -> None:
        super().__init__(f"This claim was changed meanwhile: you saw revision {seen}, it is {now}.")
        self.seen = seen
        self.now = now


class RuleRefused(RecordError):
    """The rules say no, in words."""


class TransitionRefused(RuleRefused):
    """The status table, or the ground, does not allow this change."""


class ProposalVoid(RuleRefused):
    """The proposal no longer matches what its proposer saw."""


class AlreadyExists(RecordError):
    """The same thing is on record already, under `reference`."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(reason)
        self.reference = reference


class LedgerBroken(RecordError):
    """The chain does not verify from `seq` on."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(f"entry {seq}: {reason}")
        self.seq = seq
        self.reason = reason
