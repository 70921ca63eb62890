"""The body of a page: which of its blocks are the article.

What belongs here: finding the element that holds the article, and leaving out what lies in it without being text.
What does not: walking the page (blocks), word lists (furniture), the other extractor (pages).

Well-marked pages say where the article is.  On others a second opinion is asked: the blocks that trafilatura's
statistics take for the article vote for the element that holds it, and for themselves.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sources.formats.blocks import FIRM, Block, Layout, Node
from sources.formats.furniture import is_furniture, opens_box
from sources.formats.text import words

BESIDE: Final = 0.4  # an element with more of the words than this is the article, whatever it is called
ENOUGH: Final = 120  # words: statistics have nothing to say on less
_HOLDS: Final = 0.8  # share of the prose that an inner element must hold to be the article's
_LINKS: Final = 0.6  # share of links in a list that is a menu
_CAPTION: Final = 35  # words of the longest caption
_LEAD: Final = 12  # words of the shortest first sentence
_FRAMES: Final = frozenset(("div", "section", "li", "td", "table", "center", "dl", "article"))
_MOST_VOTES: Final = 300_000  # characters of a second opinion that is searched


@dataclass(slots=True)
class Body:
    """The chosen blocks, the element they were found in, and whether the page itself marks it."""

    blocks: list[Block]
    root: Node | None
    sure: bool


def choose(page: Layout, heading: object, second_opinion: Callable[[bool], str]) -> Body:
    """The article's blocks.

    `heading` is the element of the headline, or None.  `second_opinion`, the text that another extractor finds, is
    asked only where it is needed: thoroughly (True) for the article's place, else about boxes in it.
    """
    if not page.nodes or not page.blocks:
        return Body([], None, sure=False)
    top = page.nodes[0]
    judge = _Judge(page, heading)
    dead = judge.beside(page.nodes, top)
    clean = _clean_prose(page, dead)
    root, sure = _marked_root(page, clean, dead)
    voted: set[Block] | None = None
    if clean[top] >= ENOUGH and (not sure or _has_boxes(page, root, dead)):
        voted = _votes(page, second_opinion(not sure)) or None
        if voted and not sure:
            root = _voted_root(page, root)
    root = _with_lead(root, clean, dead)
    nodes, chosen = _within(page, root)
    dead = judge.beside(nodes, root, voted is not None)
    kept = [block for block in chosen if block.node not in dead and _is_text(block, voted, sure, root)]
    kept = _without_boxes(kept, root)
    kept = [*_lead(page, root, judge, kept), *kept]
    return Body(_without_idle_headings(kept), root, sure)


def _path(node: Node, root: Node) -> list[Node]:
    """The nodes from `node` up to, and without, `root`; of very deep pages the innermost."""
    out: list[Node] = []
    for inner in node.up():
        if inner is root or len(out) == 60:
            break
        out.append(inner)
    return out


class _Judge:
    """Tells what stands beside the article."""

    def __init__(self, page: Layout, heading: object) -> None:
        self.heading = heading
        self.void = self._void(page)

    def beside(self, nodes: list[Node], root: Node, voted: bool = False) -> set[Node]:
        """Those of `nodes` (in document order, all in `root`) that are beside the article, or lie in one that is.

        With `voted`, beside is also a box without votes: it has links enough to be another article's teaser.
        """
        dead: set[Node] = set()
        for node in nodes:
            if node is not root and (
                node.parent in dead or (voted and node.votes == 0 and _is_boxlike(node)) or self._is_beside(node, root)
            ):
                dead.add(node)
        return dead

    def _is_beside(self, node: Node, root: Node) -> bool:
        """Whether a node is named as beside the article, a menu or a teaser, and is not after all most of the text."""
        # on a page with next to no prose, all words count
        share, base = (node.prose, root.prose) if root.prose >= ENOUGH // 2 else (node.words, root.words)
        if share > BESIDE * base:
            return False
        first = node.first
        if first is not None and first.is_heading and first.linked > 0.9 and node.items >= 2 and first.node is not node:
            # a headline that is a link opens the teaser of another article, unless it links to itself
            return first.node.element is not self.heading
        if node.pictures and node.items <= 2 and node.words <= _CAPTION and node.tag in _FRAMES:
            return True  # a few words in one frame with a picture
        listed = node.tag in ("ul", "ol", "dl", "table") and node.items >= 2
        return bool(node.beside and node.beside not in self.void) or (listed and node.linked > _LINKS * node.characters)

    @staticmethod
    def _void(page: Layout) -> set[str]:
        """Names that this page gives to so much of its text that they cannot mean what they say."""
        total = page.nodes[0].prose
        prose: Counter[str] = Counter()
        for node in page.nodes:
            if node.beside and node.beside not in FIRM and (node.parent is None or node.parent.beside != node.beside):
                prose[node.beside] += node.prose
        return {name for name, words in prose.items() if words > BESIDE * total and total >= ENOUGH}


def _has_boxes(page: Layout, root: Node, dead: set[Node]) -> bool:
    """Whether containers in `root`, and not known to be dead, have links enough to be other articles' teasers."""
    inside = {root}
    for node in page.nodes:
        if node.parent in inside and node not in dead:
            inside.add(node)
            if _is_boxlike(node):
                return True
    return False


def _is_boxlike(node: Node) -> bool:
    return (
        node.tag in ("div", "section", "aside", "article", "ul", "table")
        and node.words >= 8
        and node.items >= 2
        and node.linked > 0.25 * node.characters
    )


def _clean_prose(page: Layout, dead: set[Node]) -> dict[Node, int]:
    clean = dict.fromkeys(page.nodes, 0)
    for block in page.blocks:
        if block.is_prose and block.node not in dead:
            clean[block.node] += block.words
    for node in reversed(page.nodes):
        if node.parent is not None:
            clean[node.parent] += clean[node]
    return clean


def _marked_root(page: Layout, clean: dict[Node, int], dead: set[Node]) -> tuple[Node, bool]:
    """The element that the page's markup names as the article's, and whether its name can be trusted."""
    top = page.nodes[0]
    live = [node for node in page.nodes if node.marked and node not in dead and clean[node]]
    outer = [node for node in live if node.marked == 1]
    start = max(outer, key=lambda node: clean[node], default=top)
    if clean[start] < 0.5 * clean[top]:
        start = top
    exact = [node for node in live if node.marked == 3 and clean[node] >= 0.5 * clean[start]]
    if exact:
        return max(exact, key=lambda node: clean[node]), True
    inner = [node for node in live if node.marked >= 1 and clean[node] >= _HOLDS * clean[start]]
    # in document order the last of nested elements is the innermost
    named = [node for node in inner if node.marked == 2] or inner
    if not named:
        return start, False
    best = named[-1]
    return best, best.marked == 2 or (best.tag == "article" and len([n for n in live if n.tag == "article"]) == 1)


def _votes(page: Layout, opinion: str) -> set[Block]:
    """The blocks whose words the second opinion has too; their nodes are told."""
    paragraphs = opinion[:_MOST_VOTES].split("\n")
    single = {" ".join(words(text)) for text in paragraphs}
    whole = " ".join(words(opinion[:_MOST_VOTES]))
    voted: set[Block] = set()
    searched = 0
    for block in page.blocks:
        if not block.words:
            continue
        spoken = " ".join(words(block.text))
        found = spoken in single
        if not found and block.words >= 5 and searched < 2_000:
            searched += 1
            found = spoken in whole
        if found:
            voted.add(block)
            block.node.votes += block.words
    for node in reversed(page.nodes):
        if node.parent is not None:
            node.parent.votes += node.votes
    return voted


def _voted_root(page: Layout, root: Node) -> Node:
    """The innermost element with nearly all votes, unless the marked one has them."""
    top = page.nodes[0]
    if root.votes >= 0.9 * top.votes and root is not top:
        return root
    best = top
    for node in page.nodes:
        if node.parent is best and node.votes >= 0.92 * top.votes:
            best = node
    return best


def _with_lead(root: Node, clean: dict[Node, int], dead: set[Node]) -> Node:
    """The element around `root` if it adds a little text and hardly anything else: the article's first paragraph."""
    best = root
    for node in list(root.up())[1:4]:
        if node.tag in ("body", "html") or node in dead or node.words > 1.3 * root.words:
            break
        added, prose = node.words - best.words, clean[node] - clean[best]
        if prose >= 8 and prose >= 0.7 * added:
            best = node
    return best


def _lead(page: Layout, root: Node, judge: _Judge, kept: list[Block]) -> list[Block]:
    """The first sentences where they stand between the headline and the element with the rest of the text."""
    around = [node for node in list(root.up())[1:4] if node.tag not in ("body", "html")]
    if not around or not kept:
        return []
    nodes, blocks = _within(page, around[-1])
    over = itertools.takewhile(lambda block: block is not kept[0], page.blocks)
    if not any(block.node.element is judge.heading for block in over):
        return []
    begins = next((n for n, block in enumerate(blocks) if block is kept[0]), 0)
    head = next((n for n, block in enumerate(blocks[:begins]) if block.node.element is judge.heading), -1)
    dead = judge.beside(nodes, around[-1])
    lead = [
        block
        for block in blocks[head + 1 : begins]
        if block.is_prose
        and block.words >= _LEAD
        and block.linked < 0.3
        and block.text.endswith((".", "!", "?", "。", "”", "»"))
        and block.node not in dead
        and not is_furniture(block.text, block.words, block.linked)
    ]
    told = " ".join(block.text for block in kept)
    return [block for block in lead if block.text not in told] if len(lead) <= 2 else []


def _within(page: Layout, root: Node) -> tuple[list[Node], list[Block]]:
    """(the nodes, the blocks) in `root`."""
    inside = {root}
    nodes: list[Node] = []
    for node in page.nodes:
        if node is root or node.parent in inside:
            inside.add(node)
            nodes.append(node)
    return nodes, [block for block in page.blocks if block.node in inside]


def _is_text(block: Block, voted: set[Block] | None, sure: bool, root: Node) -> bool:
    if is_furniture(block.text, block.words, block.linked):
        return False
    if block.linked > 0.75 and (block.words < 25 or block.linked > 0.95) and not block.text.endswith((".", "”", '"')):
        return False
    if voted is None or block in voted:
        return True
    if sure or block.is_heading:
        return True
    # without marks and votes only what stands among voted blocks and reads like text
    parent = block.node.parent if block.node is not root else None
    among = block.node.votes > 0 or (parent is not None and parent.votes > 0)
    return (
        among and (block.words >= 5 or block.tag in ("li", "blockquote", "td", "th", "dd", "dt")) and block.linked < 0.5
    )


def _without_boxes(kept: list[Block], root: Node) -> list[Block]:
    """Without boxes that their own heading names ("Related stories"), and what a list of links leaves behind."""
    total = sum(block.words for block in kept)
    dead: set[Node] = set()
    out: list[Block] = []
    skipping = False
    for block in kept:
        if dead and any(node in dead for node in _path(block.node, root)):
            continue
        title = block.is_heading or block.emphasised or block.words <= 6
        if title and opens_box(block.text):
            box = next((n for n in _path(block.node, root)[1:3] if n.words > block.words), None)
            if box is not None and box.words <= BESIDE * total:
                dead.add(box)
                # what came before in this box is a part of it
                while out and any(node is box for node in _path(out[-1].node, root)):
                    out.pop()
            else:
                skipping = True
            continue
        if skipping:
            text = block.is_prose and block.words >= 15 and block.linked < 0.3
            if not text and not (block.is_heading and not block.linked):
                continue
            skipping = False
        out.append(block)
    return out


def _without_idle_headings(kept: list[Block]) -> list[Block]:
    """Without headings that nothing follows but another heading of their rank, or the end."""
    out: list[Block] = []
    follows = 0  # what comes next: 0 the end, 7 text, otherwise the rank of a heading
    for block in reversed(kept):
        sentence = block.words >= 10 and block.text.endswith((".", "!", "?", "”", "“", "»", '"'))
        rank = int(block.tag[1]) if block.is_heading and not sentence else 7
        if rank == 7 or follows > rank:
            out.append(block)
            follows = rank
    return out[::-1]
