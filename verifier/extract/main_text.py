"""Which blocks of a page are its article.

Prose weighs for, menus and crumbs weigh a little against; the run of blocks with the greatest sum
is the article (maximum subsequence segmentation, Pasternack and Roth, WWW 2009), narrowed to the
deepest box that holds most of its prose.
"""

from collections.abc import Iterable, Mapping, Sequence

from verifier.extract.blocks import Block, Page
from verifier.extract.change_notes import change_notes, may_announce
from verifier.extract.places import Place

_PROSE_CHARS = 25
_MOST = 0.75
_AGAINST = 10
_AGAINST_LINKS = 20
_NEAR = 12
_FRAME = {Place.FRAME: 0.7, Place.EDGE: 0.7, Place.UNLIKELY: 0.6}
"""Places that are no part of an article, unless they hold more than this share of the prose."""
_MENUS = {Place.FRAME: 0.7}


def main_lines(page: Page) -> list[str]:
    """Return the article's blocks in reading order, one a line, and the page's change notes."""
    prose = [_prose_chars(block) for block in page.blocks]
    mass = _mass(page, range(len(prose)), prose=prose)
    outside = _within(page, _FRAME, mass=mass)
    blocks = [index for index, block in enumerate(page.blocks) if not outside[block.box]]
    article = _article(page, blocks, prose=prose)
    noted = _noted(page, menus=_within(page, _MENUS, mass=mass), beside=article)
    return [page.blocks[index].text for index in sorted(noted.union(article))]


def _prose_chars(block: Block) -> int:
    """Count the characters of a block of prose; of any other, none."""
    text, _, linked = block
    chars = len(text)
    return chars if chars >= _PROSE_CHARS and 3 * linked <= chars else 0


def _mass(page: Page, blocks: Iterable[int], *, prose: Sequence[int]) -> list[int]:
    """Count the characters of prose under each box."""
    mass = [0] * len(page.boxes)
    for index in blocks:
        mass[page.blocks[index].box] += prose[index]
    for index in range(len(mass) - 1, 0, -1):
        if mass[index]:
            mass[page.boxes[index].parent] += mass[index]
    return mass


def _within(page: Page, places: Mapping[Place, float], *, mass: Sequence[int]) -> list[bool]:
    """Say of each box whether it lies in such a place without the bulk of the page's prose."""
    within = [False]
    for index, (parent, place) in enumerate(page.boxes[1:], 1):
        is_within = within[parent]
        if not is_within and place in places:
            is_within = mass[index] <= places[place] * mass[0]
        within.append(is_within)
    return within


def _article(page: Page, blocks: Sequence[int], *, prose: Sequence[int]) -> list[int]:
    """Choose among blocks, by index, those of the article; all where there is no prose."""
    first, last = _heaviest_run([prose[index] or _against(page.blocks[index]) for index in blocks])
    if first == last:
        return list(blocks)
    top = _article_box(page, _mass(page, blocks[first:last], prose=prose))
    inside = _under(page, top=top)
    run = blocks if page.boxes[top].place is Place.MAIN else blocks[first:last]
    return [index for index in run if inside[page.blocks[index].box]]


def _against(block: Block) -> int:
    return -_AGAINST_LINKS if 2 * block.linked > len(block.text) else -_AGAINST


def _heaviest_run(weights: Sequence[int]) -> tuple[int, int]:
    best, first, last = 0, 0, 0
    start, total = 0, 0
    for index, weight in enumerate(weights):
        if total <= 0:
            start, total = index, 0
        total += weight
        if total > best:
            best, first, last = total, start, index + 1
    return first, last


def _article_box(page: Page, mass: Sequence[int]) -> int:
    """Return the box the publisher marked as main, else the deepest, that holds most of the run."""
    dense = [index for index, chars in enumerate(mass) if chars >= _MOST * mass[0]]
    marked = [index for index in dense if page.boxes[index].place is Place.MAIN]
    return (marked or dense)[-1]


def _under(page: Page, *, top: int) -> list[bool]:
    under = [False] * len(page.boxes)
    under[top] = True
    for index in range(top + 1, len(under)):
        under[index] = under[page.boxes[index].parent]
    return under


def _noted(page: Page, *, menus: Sequence[bool], beside: Sequence[int]) -> set[int]:
    """Find the blocks in which the publisher speaks of the page itself."""
    read = [index for index, block in enumerate(page.blocks) if not menus[block.box]]
    notes = change_notes([page.blocks[index].text for index in read])
    noted = {read[at] for note in notes for at in range(note.first, note.last + 1)}
    near = range(beside[0] - _NEAR, beside[-1] + _NEAR) if beside else range(0)
    for index in set(read).intersection(near).difference(beside):
        block = page.blocks[index]
        if not block.linked and may_announce(block.text):
            noted.add(index)
    return noted
