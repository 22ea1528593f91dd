"""Screenshots of a terminal as one small SVG: no fonts from anywhere, and what changes moves by CSS alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MONOSPACE = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_STRETCHED = 'lengthAdjust="spacingAndGlyphs"'
"""So that bars have no seams, whatever font there is."""
_STYLE = re.compile(r"\.[\w-]+-(r\d+) \{([^}]*)\}")
_TEXT = re.compile(
    r'<text class="[\w-]+-(r\d+)" ([^>]*?) clip-path="[^"]*">(.*?)</text>', re.DOTALL
)
_CHROME = re.compile(r"</defs>(.*?)<g transform=\"([^\"]*)\" clip-path=", re.DOTALL)
_RECT = re.compile(r"<rect [^>]*/>")


@dataclass(frozen=True, slots=True)
class _Shot:
    """What one of Textual's screenshots is made of; texts as (style, place, words)."""

    box: str
    chrome: str
    place: str
    rects: tuple[str, ...]
    texts: tuple[tuple[str, str, str], ...]


def picture(shots: Sequence[str], *, poster: int = 0, seconds: float = 1.0) -> str:
    """One SVG of screenshots as `App.export_screenshot` gives them, each shown for `seconds`, over and over.

    The one at `poster` is what stands still where nothing may move: on paper, and for people who asked
    for less motion. Of what does not change there is one copy.
    """
    read = [_read(shot) for shot in shots]
    styles: dict[str, str] = {}
    seen: dict[str, set[int]] = {}
    for n, shot in enumerate(read):
        for rect in shot.rects:
            seen.setdefault(rect, set()).add(n)
        for style, place, words in shot.texts:
            name = styles.setdefault(style, f"s{len(styles)}")
            seen.setdefault(f'<text class="{name}" {place} {_STRETCHED}>{words}</text>', set()).add(
                n
            )
    still = frozenset(range(len(read)))
    groups: dict[frozenset[int], list[str]] = {}
    for element, when in sorted(seen.items(), key=lambda one: one[0].startswith("<text")):
        groups.setdefault(frozenset(when), []).append(element)
    rules, body = [], []
    for n, (when, elements) in enumerate(groups.items()):
        inside = "\n".join(elements)
        if when == still:
            body.append(inside)
            continue
        rules.append(_rule(f"p{n}", when, len(read), poster, seconds))
        body.append(f'<g class="p p{n}">\n{inside}\n</g>')
    rules += ["@media (prefers-reduced-motion: reduce) {.p {animation: none !important}}"] * any(
        rules
    )
    rules += [f".{name} {{{style}}}" for style, name in styles.items()]
    first = read[0]
    return "\n".join(
        [
            f'<svg viewBox="{first.box}" xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve">',
            "<style>",
            f"text {{font: 20px {_MONOSPACE}}}",
            *rules,
            "</style>",
            first.chrome,
            f'<g transform="{first.place}">',
            *body,
            "</g></svg>\n",
        ]
    )


def _read(svg: str) -> _Shot:
    styles = {name: " ".join(style.split()) for name, style in _STYLE.findall(svg)}
    box = re.search(r'viewBox="([^"]*)"', svg)
    around = _CHROME.search(svg)
    assert box
    assert around
    inside = svg[around.end() :]
    chrome = re.sub(r"<text.*?</text>", "", around[1], flags=re.DOTALL)
    return _Shot(
        box[1],
        "\n".join(line.strip() for line in chrome.splitlines() if line.strip()),
        around[2],
        tuple(_RECT.findall(inside)),
        tuple(
            (styles[name], place, words)
            for name, place, words in _TEXT.findall(inside)
            if words.replace("&#160;", "").strip()
        ),
    )


def _rule(name: str, when: frozenset[int], count: int, poster: int, seconds: float) -> str:
    """When a group is there, as CSS: it changes at once, at the beginning of a shot."""
    steps = [
        f"{100 * n / count:.4g}% {{visibility: {'visible' if n in when else 'hidden'}}}"
        for n in range(count)
        if n == 0 or (n in when) != (n - 1 in when)
    ]
    stands = "visible" if poster in when else "hidden"
    return (
        f"@keyframes {name} {{{' '.join(steps)}}}\n"
        f".{name} {{visibility: {stands}; animation: {name} {count * seconds:g}s step-end infinite}}"
    )
