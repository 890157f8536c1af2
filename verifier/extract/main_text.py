"""Which blocks of a page are its article.

Prose weighs for, menus and crumbs weigh a little against; the run of blocks with the greatest sum
is the article (maximum subsequence segmentation, Pasternack and Roth, WWW 2009), narrowed to the
deepest box that holds most of its prose.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from verifier.extract.blocks import PROSE_CHARS, Block, Page
from verifier.extract.change_notes import change_notes, may_announce
from verifier.extract.places import Place

_MOST = 0.75
_AGAINST = 10
_AGAINST_LINKS = 20
_NEAR = 12
_FRAME = {Place.FRAME: 0.7, Place.EDGE: 0.7, Place.UNLIKELY: 0.6}
"""Places that are no part of an article, unless they hold more than this share of the prose."""
_ANY = Place.ANY  # what most boxes are


def main_lines(page: Page) -> list[str] | None:
    """Return the article's blocks in reading order, one a line, and the page's change notes.

    None where frames were left unread and might hold the article, or tell where it is.
    """
    prose = [_prose_chars(block) for block in page.blocks]
    mass = _mass(page, range(len(prose)), prose=prose)
    if page.unread and _may_depend(page, mass):
        return None
    outside, menus = _outside(page, mass)
    blocks = [index for index, block in enumerate(page.blocks) if not outside[block.box]]
    article = _article(page, blocks, prose=prose)
    noted = _noted(page, menus=menus, beside=article)
    return [page.blocks[index].text for index in sorted(noted.union(article))]


def _prose_chars(block: Block) -> int:
    """Count the characters of a block of prose; of any other, none."""
    text, _, linked = block
    chars = len(text)
    return chars if chars >= PROSE_CHARS and 3 * linked <= chars else 0


def _mass(page: Page, blocks: Iterable[int], *, prose: Sequence[int]) -> list[int]:
    """Count the characters of prose under each box."""
    mass = [0] * len(page.parents)
    for index in blocks:
        mass[page.blocks[index].box] += prose[index]
    for index in range(len(mass) - 1, 0, -1):
        if mass[index]:
            mass[page.parents[index]] += mass[index]
    return mass


def _may_depend(page: Page, mass: Sequence[int]) -> bool:
    """Say whether `_outside` may say something else when the unread frames are counted too."""
    total, unread = mass[0], page.unread
    share = _FRAME[Place.FRAME]
    if unread > share * (total + unread):
        return True
    return any(
        place is not _ANY
        and place in _FRAME
        and (share := _FRAME[place]) * (total + unread) >= chars > share * (total + unread) - unread
        for place, chars in zip(page.places, mass, strict=True)
    )


def _outside(page: Page, mass: Sequence[int]) -> tuple[list[bool], list[bool]]:
    """Say of each box whether it lies outside any article, and whether in a menu."""
    outside, menus = [False], [False]
    most = {place: share * mass[0] for place, share in _FRAME.items()}
    boxes = enumerate(zip(page.parents, page.places, strict=True))
    for index, (parent, place) in islice(boxes, 1, None):
        is_outside, is_menu = outside[parent], menus[parent]
        if place is not _ANY and place in most and mass[index] <= most[place]:
            is_outside = True
            is_menu = is_menu or place is Place.FRAME
        outside.append(is_outside)
        menus.append(is_menu)
    return outside, menus


def _article(page: Page, blocks: Sequence[int], *, prose: Sequence[int]) -> list[int]:
    """Choose among blocks, by index, those of the article; all where there is no prose."""
    first, last = _heaviest_run([prose[index] or _against(page.blocks[index]) for index in blocks])
    if first == last:
        return list(blocks)
    top = _article_box(page, _mass(page, blocks[first:last], prose=prose))
    inside = _under(page, top=top)
    run = blocks if page.places[top] is Place.MAIN else blocks[first:last]
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
    marked = [index for index in dense if page.places[index] is Place.MAIN]
    return (marked or dense)[-1]


def _under(page: Page, *, top: int) -> list[bool]:
    under = [False] * len(page.parents)
    under[top] = True
    for index in range(top + 1, len(under)):
        under[index] = under[page.parents[index]]
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
