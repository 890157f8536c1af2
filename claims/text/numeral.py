"""One number found in a text."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and its code-point span.

    `scale` is the large scale word it ends with (1 where none), so that `1.5 to 2 million` can
    share it; `is_vague` marks counts such as `thousands`.
    """

    start: int
    end: int
    value: Decimal
    scale: Decimal = Decimal(1)
    is_vague: bool = False
