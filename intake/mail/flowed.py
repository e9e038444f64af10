"""format=flowed text (RFC 3676): soft line breaks joined, quote marks kept, stuffing taken off."""

from __future__ import annotations


def unflow(text: str, delsp: bool) -> str:
    """``text`` (line ends ``\\n``) with every flowed paragraph on one line; quoted lines begin with ``> `` marks."""
    done: list[str] = []
    paragraph: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth, content = _quote_depth(line)
        if content.startswith(" "):
            content = content[1:]
        if open_depth not in (-1, depth):
            done.append(_quoted(open_depth, paragraph))
            paragraph, open_depth = [], -1
        flows = content.endswith(" ") and content != "-- "
        if content == "-- " and paragraph:
            done.append(_quoted(open_depth, paragraph))
            paragraph = []
        paragraph.append(content[:-1] if flows and delsp else content)
        open_depth = depth
        if not flows:
            done.append(_quoted(depth, paragraph))
            paragraph, open_depth = [], -1
    if paragraph:
        done.append(_quoted(open_depth, paragraph))
    return "\n".join(done)


def _quote_depth(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    return len(line) - len(content), content


def _quoted(depth: int, paragraph: list[str]) -> str:
    content = "".join(paragraph)
    return ">" * depth + " " + content if depth > 0 else content
