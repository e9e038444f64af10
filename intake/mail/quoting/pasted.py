"""Marked lines that are no quotation: prompts, logs, differences, comparisons, paths through a menu."""

from __future__ import annotations

import re
from itertools import islice

from intake.mail.quoting import headers_block, introductions
from intake.mail.quoting.lines import Page
from intake.mail.quoting.wordlists import words

_COMMANDS = words(
    "npm npx yarn pnpm node git cd ls ll dir sudo su pip pip3 python python3 py curl wget docker docker-compose "
    "kubectl ssh scp "
    "ping tracert traceroute nslookup dig ipconfig ifconfig netstat telnet cat grep egrep tail head less more rm "
    "mv cp mkdir "
    "chmod chown ps kill top df du tar unzip zip make cmake gcc java javac mvn gradle go cargo rustc ruby gem "
    "bundle rails php "
    "composer mysql psql sqlite3 redis-cli mongo systemctl service journalctl apt apt-get yum dnf brew choco "
    "winget echo export "
    "set print import from def class return const let var function if for while try select insert update delete "
    "drop create "
    "alter show use describe explain begin commit help exit quit whoami uname env source vi vim nano openssl "
    "certutil regedit "
    "get-item get-process get-service invoke-webrequest test-netconnection ftp sftp rsync crontab at run start "
    "stop build test "
    "restart man awk sed sort uniq find xargs touch ln mount umount terraform ansible helm dotnet msbuild nuget "
    "flutter"
)
_CODE = re.compile(
    r"[;{}$\\|=]\s*$|^\W*\w+\(.{0,200}\)|^[\w./\\:-]+[/\\][\w./\\:-]+|^--?\w[\w-]*(?:[= ]|$)|^[\w.]+\s?=\s?\S"
    r"|^\[?\d{4}-\d\d-\d\d[T ]|^\[?\d\d:\d\d:\d\d|\s(?:&&|\|\||=>|->|==|!=|:=)\s|^@@ |^\$ |^at [\w.$]+\("
    r"|^(?:error|warn(?:ing)?|info|debug|fatal|traceback|exception|ошибка)\b\W|^(?:GET|POST|PUT|DELETE|HTTP/\d)\s"
    r"|^</?\w+[^>]{0,80}>"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TRAIL = re.compile(r"\S\s?>\s?\S")
_BARE_LINK = re.compile(r"[(<\[]https?://[^\s<>()\[\]]{1,300}[)>\]]\s?>?$")
_OPEN_LINK = re.compile(r"[(<\[]https?://[^\s<>()\[\]]{1,200}$")
_MOST_LOOKS = 100
_LONGEST_WRAP = 80
_SHORTEST_WRAP = 71


def is_quotation(page: Page, start: int, end: int, announced: bool) -> bool:
    """Whether marked lines ``start`` to ``end`` are from an older mail; ``announced``: one was announced above."""
    lines = [at for at in range(start, end) if page.depth[at] and page.keys[at]]
    if not lines:
        return True
    if announced:
        return not (_is_told(page, start) and _is_code(page, lines, most=True))
    if announces(page, start, end):
        return True
    if _is_alone(page, start, end) or _is_code(page, lines, most=False):
        return False
    return not _is_doubtful(page, start, lines)


def announces(page: Page, start: int, end: int) -> bool:
    """Whether the block holds an introduction or a header block of its own."""
    candidates = (at for at in range(start, end) if page.depth[at] and ":" in page.keys[at][-40:] + page.keys[at][:36])
    for at in islice(candidates, _MOST_LOOKS):
        key = page.keys[at]
        if introductions.may_introduce(key) and _is_introduction(page, at, start):
            return True
        if ":" in key[:36] and (block := headers_block.block_at(page, at)) is not None and block.is_likely:
            return True
    return False


def _is_introduction(page: Page, end: int, floor: int) -> bool:
    first = max(floor, end - 3)
    plain = Page(page.raw[first : end + 1], page.keys[first : end + 1], [0] * (end + 1 - first))
    found = introductions.introduction_ending_at(plain, end - first, 0, marked=True)
    return found is not None


def is_wrapped(page: Page, at: int) -> bool:
    """Whether the unmarked line ``at`` is the rest of the marked line above it, cut off by a mailer's line length."""
    above, key = page.raw[at - 1].rstrip(), page.keys[at]
    if at and page.depth[at - 1] and (_BARE_LINK.match(key) or (_OPEN_LINK.search(above[-250:]) and " " not in key)):
        return True
    if not at or not page.depth[at - 1] or len(above) > _LONGEST_WRAP or len(key) > 40 or not key[0].islower():
        return False
    if above[-1] in ".!?:;…":
        return False
    return len(above) + 1 + len(key.split(None, 1)[0]) >= _SHORTEST_WRAP and len(above) > 60


def _is_alone(page: Page, start: int, end: int) -> bool:
    """Nothing but these lines is in the text: without an announcement they are what was meant to be said."""
    return page.next_written(0) == start and page.next_written(end) == len(page)


def _is_code(page: Page, lines: list[int], most: bool) -> bool:
    """Whether the lines look typed at a prompt or printed by a program; ``most``: nearly all of them must."""
    if all(page.depth[at] >= 3 for at in lines) and sum(map(_is_sentence, (page.keys[at] for at in lines))) * 3 < len(
        lines
    ):
        return True
    codes = sum(_looks_typed(page.keys[at]) for at in lines)
    return codes * 10 >= len(lines) * (8 if most else 5)


def _is_sentence(key: str) -> bool:
    """Some words in a row, as nobody types them at a prompt."""
    return len(_LETTERS.findall(key)) > 4 and not _looks_typed(key)


def _looks_typed(key: str) -> bool:
    """A command in one case ("npm", "SELECT", never "Make"), or something no sentence looks like."""
    first = key.split(None, 1)[0].rstrip(";:")
    command = first.casefold() in _COMMANDS and (first.islower() or first.isupper())
    return command or _CODE.search(key) is not None


def _is_told(page: Page, start: int) -> bool:
    """The sender's own words lead up to the block: a colon right above it."""
    return start > 0 and not page.depth[start - 1] and page.keys[start - 1].endswith((":", "："))


def _is_doubtful(page: Page, start: int, lines: list[int]) -> bool:
    """A few lines that the sender's own sentence leads up to, or a lone line that reads on from the one above."""
    keys = [page.keys[at] for at in lines]
    above = page.last_written(start - 1)
    if len(lines) <= 3 and above >= 0 and page.keys[above].endswith((":", "：")):
        return True
    if all(_TRAIL.search(key) for key in keys):
        return True
    if len(lines) > 1:
        return False
    begun = start > 0 and bool(page.keys[start - 1]) and not page.depth[start - 1]
    reads_on = not keys[0][0].isupper() and (begun or keys[0][0].isdigit())
    return reads_on or len(_LETTERS.findall(keys[0])) < 2
