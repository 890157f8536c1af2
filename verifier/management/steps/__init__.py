"""The steps of the product that can be run by themselves, on JSON: what `manage.py pipe` offers.

Each takes one object and returns one; the words in and out are a fixed interface. One module a
step, loaded only when it is asked for.
"""

from contextlib import ExitStack
from importlib import import_module

from verifier.management.steps.rows import Step

STEP_NAMES = (
    "assess-revision",
    "check-url",
    "claim-review",
    "classify-notice",
    "extract-text",
    "fetch-url",
)


def open_step(name: str, *, stack: ExitStack, size: int) -> Step:
    """Return a step, ready to run.

    Args:
        name: One of `STEP_NAMES`.
        stack: Closes what the step holds.
        size: How many lines will be worked on at once.

    Returns:
        A function of one row; it may be called by `size` threads at once.
    """
    module = import_module(f"verifier.management.steps.{name.replace('-', '_')}")
    step: Step = module.open_step(stack, size=size)
    return step
