"""Which lines of a mail are new: one pass over its lines, from the top.

An older mail is announced by an introduction, a divider or a header block, or marked line by line. Marked lines end
where the marks end, so that answers below and between them are kept; an announced mail without marks reaches to the
end of the text. What is announced by nothing is only left out when it reads like a mail.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.mail.quoting import dividers, headers_block, introductions, pasted
from intake.mail.quoting.fields import Field
from intake.mail.quoting.headers_block import Block
from intake.mail.quoting.lines import Page

ANNOUNCEMENT, MARKED, GUESSED, REST = 1, 2, 3, 4
"""Why a line is old: it announces an older mail; is marked; is marked with nothing to announce it; stands below."""


MOST_LOOKS = 2_000
"""No mail holds so many lines that may announce another: a hostile one costs no more than this."""


@dataclass(slots=True)
class Cut:
    """What became of each line: ``old[i]`` is 0 for new text, else why line i is none (`ANNOUNCEMENT` and so on).

    ``columns``: old lines of which the head, up to that character, is new after all.
    ``open_end``: an announced mail without marks was taken to reach to the end; ``doubtful``: marked lines were judged
    though nothing announced them, or an announcement stands above lines without marks.
    """

    page: Page
    old: bytearray
    columns: dict[int, int] = field(default_factory=dict)
    announced: bool = False
    open_end: bool = False
    doubtful: bool = False
    _first_new: int = 0
    _looks: int = 0

    def looks(self) -> bool:
        """Count one dear look at a few lines; False when there were so many that the text is no mail."""
        self._looks += 1
        return self._looks < MOST_LOOKS

    def drop(self, start: int, end: int, why: int) -> None:
        """Lines ``start`` up to but not including ``end`` are old."""
        self.old[start:end] = bytes((why,)) * (end - start)

    def has_new_before(self, at: int) -> bool:
        """Whether anything new stands above line ``at``."""
        keys, line = self.page.keys, self._first_new
        while line < at and (not keys[line] or (self.old[line] and line not in self.columns)):
            line += 1
        self._first_new = line
        return line < at


def cut(page: Page) -> Cut:
    """Tell new lines from old ones."""
    result = Cut(page, bytearray(len(page)))
    at = 0
    while at < len(page):
        if page.depth[at]:
            at = _marked(result, at)
        elif page.keys[at]:
            at = _unmarked(result, at)
        else:
            at += 1
    return result


def _unmarked(result: Cut, at: int) -> int:
    """Judge the unmarked line ``at``; the line to go on with."""
    page, key = result.page, result.page.keys[at]
    if dividers.may_divide(key):
        if dividers.divides(key):
            return _older(result, at, at + 1)
        if dividers.may_divide_bare(key) and _is_headed(page, at + 1):
            return _older(result, at, at + 1)
    if (":" in key[:36] or "：" in key[:36]) and headers_block.field(key) and result.looks():
        block = None if headers_block.is_own_line(page, at) else headers_block.block_at(page, at)
        if block is not None and _is_older_mail(result, block):
            return _older(result, at, at)
        if headers_block.inline_block(key):
            return _older(result, at, at + 1)
    if introductions.may_introduce(key):
        return _introduced(result, at) if result.looks() else at + 1
    column = introductions.introduction_within(key) if "@" in key and result.looks() else None
    if column is not None:
        result.announced = True
        if column:
            result.columns[at] = column
        result.drop(at, at + 1, ANNOUNCEMENT)
        return _to_end(result, at + 1)
    return at + 1


def _is_headed(page: Page, at: int) -> bool:
    at = page.next_written(at)
    block = headers_block.block_at(page, at) if at < len(page) else None
    return block is not None and block.is_likely


def _is_older_mail(result: Cut, block: Block) -> bool:
    """A sure block below new text or a rule, or one that only mail programs write."""
    page = result.page
    above = page.last_written(block.start - 1)
    ruled = above >= 0 and not page.depth[above] and dividers.is_rule(page.keys[above])
    if ruled and block.is_likely and (block.dated or len(block.fields) > 2):
        return True
    if not block.is_sure or headers_block.is_pasted_raw(page, block.start):
        return False
    if Field.SENT in block.fields:
        return True
    if block.is_whole and block.addressed:
        return True
    return _is_set_off(page, block.end) and (block.is_whole or result.has_new_before(block.start))


def _is_set_off(page: Page, at: int) -> bool:
    """Whether line ``at`` is no text that goes on right below a list of fields, as it does where a person wrote it."""
    return at >= len(page) or not page.keys[at] or page.depth[at] > 0


def _introduced(result: Cut, at: int) -> int:
    page = result.page
    follows = page.next_written(at + 1)
    marked = follows < len(page) and page.depth[follows] > 0
    found = introductions.introduction_ending_at(page, at, _floor(result, at), marked)
    if found is None:
        return at + 1
    if not marked and follows < len(page) and not _has_new_above(result, found):
        result.announced = result.doubtful = True
        _drop_introduction(result, found)
        return at + 1
    _drop_introduction(result, found)
    result.announced = True
    if marked or follows == len(page):
        return at + 1
    return _to_end(result, found.end + 1)


def _floor(result: Cut, at: int) -> int:
    """The first line above ``at`` that an introduction may reach: below what is old already."""
    lowest = max(0, at - introductions.MOST_LINES)
    while at > lowest and not result.old[at - 1]:
        at -= 1
    return at


def _has_new_above(result: Cut, found: introductions.Introduction) -> bool:
    return found.column > 0 or result.has_new_before(found.start)


def _drop_introduction(result: Cut, found: introductions.Introduction) -> None:
    if found.column:
        result.columns[found.start] = found.column
    result.drop(found.start, found.end + 1, ANNOUNCEMENT)
    if not found.column:
        _drop_above(result, found.start, fields=True)


def _drop_above(result: Cut, at: int, fields: bool = False) -> None:
    """The rule above an announcement belongs to it, and so do header fields between the two (Yandex)."""
    page = result.page
    above = page.last_written(at - 1)
    first = above
    while (
        fields and first >= 0 and not page.depth[first] and page.keys[first] and headers_block.field(page.keys[first])
    ):
        first -= 1
    if first >= 0 and _is_written(page, first) and dividers.is_rule(page.keys[first]):
        result.drop(first, above + 1, ANNOUNCEMENT)


def _is_written(page: Page, at: int) -> bool:
    return bool(page.keys[at]) and not page.depth[at]


def _older(result: Cut, start: int, at: int) -> int:
    """An older mail announced on lines from ``start``, its header block and introduction from line ``at`` on."""
    page = result.page
    result.announced = True
    _drop_above(result, start)
    at = page.next_written(at)
    if at < len(page) and not page.depth[at]:
        block = headers_block.block_at(page, at)
        if block is not None:
            at = page.next_written(block.end)
    if at < len(page) and not page.depth[at]:
        at = _skip_introduction(page, at)
    result.drop(start, at, ANNOUNCEMENT)
    if at < len(page) and page.depth[at]:
        return at
    return _to_end(result, at)


def _skip_introduction(page: Page, at: int) -> int:
    for end in range(at, min(at + 4, len(page))):
        if not page.keys[end] or page.depth[end]:
            break
        if introductions.may_introduce(page.keys[end]):
            follows = page.next_written(end + 1)
            marked = follows < len(page) and page.depth[follows] > 0
            if marked and introductions.introduction_ending_at(page, end, at, marked):
                return follows
    return at


def _to_end(result: Cut, at: int) -> int:
    """Drop all that is left, or up to the line that ends a forwarded mail."""
    page = result.page
    for line in range(at, len(page)):
        key = page.keys[line]
        if key and key[0] in "-=*_—–" and not page.depth[line] and dividers.ends_forward(key):
            result.drop(at, line, REST)
            result.drop(line, line + 1, ANNOUNCEMENT)
            return line + 1
    result.open_end = True
    result.drop(at, len(page), REST)
    return len(page)


def _marked(result: Cut, start: int) -> int:
    """Judge the block of marked lines from ``start`` on; the line below it."""
    page = result.page
    if dividers.is_groupwise(page.keys[start], page.depth[start]):
        result.announced = True
        result.drop(start, start + 1, ANNOUNCEMENT)
        follows = page.next_written(start + 1)
        return start + 1 if follows < len(page) and page.depth[follows] else _to_end(result, start + 1)
    end = _block_end(page, start)
    if not result.looks():
        if result.announced:
            result.drop(start, end, MARKED)
        return end
    drop_introduction_above(result, start)
    if pasted.is_quotation(page, start, end, result.announced):
        result.doubtful = result.doubtful or not result.announced
        result.drop(start, end, MARKED if result.announced else GUESSED)
        result.announced = result.announced or pasted.announces(page, start, end)
    else:
        result.doubtful = True
    return end


def drop_introduction_above(result: Cut, start: int) -> None:
    """Drop the introduction above line ``start``, whatever it ends in."""
    page = result.page
    above = page.last_written(start - 1, max(0, start - 4))
    if (
        above < 0
        or result.old[above]
        or page.depth[above]
        or (page.depth[start] and introductions.may_introduce(page.keys[above]))
    ):
        return
    found = introductions.introduction_ending_at(page, above, _floor(result, above), marked=True)
    if found is not None:
        _drop_introduction(result, found)
        result.announced = True


def _block_end(page: Page, start: int) -> int:
    """The line below a block of marked lines; blank lines and the rest of a wrapped line do not end it."""
    at = start
    while at < len(page):
        if page.depth[at]:
            at += 1
            continue
        follows = page.next_written(at)
        if follows < len(page) and page.depth[follows]:
            at = follows
        elif follows == at and at + 1 < len(page) and page.depth[at + 1] and pasted.is_wrapped(page, at):
            at += 1
        else:
            return at
    return at
