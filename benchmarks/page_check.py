"""Whether exported pages open without errors, can be used by everybody, and print to two pages.

    python benchmarks/page_check.py talk.html… --axe node_modules/axe-core/axe.min.js [--pages 2] [--output DIR]

Needs chromium (which has no network here), pdfinfo (poppler-utils) and a copy of axe-core. For each page:

- errors: lines of Chromium's console while it opens the page as it is;
- axe: what axe-core finds, by impact, in a copy of the page that may run this one script;
- pages: of A4, when it is printed.

With --output also the page as a picture and as PDF. The exit status is 1 when a page has an error, a
serious or critical finding, or more pages than --pages.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import tempfile
from pathlib import Path

CHROMIUM = (
    *("chromium", "--headless=new", "--disable-gpu", "--no-sandbox", "--hide-scrollbars"),
    *("--no-first-run", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND"),
    *("--virtual-time-budget=10000", "--enable-logging=stderr", "--force-color-profile=srgb"),
)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_RUN = """<script>
axe.run().then((found) => {
  const box = document.createElement("script");
  box.type = "application/json"; box.id = "axe-found";
  box.textContent = encodeURIComponent(JSON.stringify(found.violations.map(
    (one) => ({id: one.id, impact: one.impact, nodes: one.nodes.map((node) => node.html)}))));
  document.body.append(box);
});
</script>"""


def main() -> int:
    """Check every page; see the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages_to_check", nargs="+", type=Path, metavar="PAGE")
    parser.add_argument("--axe", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for page in asked.pages_to_check:
            output = asked.output or Path(folder)
            output.mkdir(parents=True, exist_ok=True)
            found = check(page.resolve(), asked.axe, output, Path(folder))
            print(json.dumps(found, ensure_ascii=False))
            grave = [one for one in found["axe"] if one["impact"] in {"serious", "critical"}]
            failed |= bool(found["errors"] or grave or found["pages"] > asked.pages)
    return int(failed)


def check(page: Path, axe: Path, output: Path, scratch: Path) -> dict:
    """What there is to say about one page."""
    picture, printed = output / f"{page.stem}.png", output / f"{page.stem}.pdf"
    opened = _chromium(page, f"--screenshot={picture.resolve()}", "--window-size=900,2200")
    _chromium(page, f"--print-to-pdf={printed.resolve()}", "--no-pdf-header-footer")
    told = subprocess.run(["pdfinfo", str(printed)], capture_output=True, text=True, check=True)
    return {
        "page": page.name,
        "errors": [line for line in opened.stderr.splitlines() if ":CONSOLE" in line],
        "axe": _axe(page, axe, scratch),
        "pages": int(re.search(r"Pages:\s+(\d+)", told.stdout)[1]),
    }


def _axe(page: Path, axe: Path, scratch: Path) -> list[dict]:
    text = _POLICY.sub("", page.read_text(encoding="utf-8"))
    script = f"<script>{axe.read_text(encoding='utf-8')}</script>{_RUN}"
    copy = scratch / "with_axe.html"
    copy.write_text(text.replace("</body>", f"{script}</body>"), encoding="utf-8")
    shown = _chromium(copy, "--dump-dom").stdout
    found = re.search(r'id="axe-found">([^<]*)<', shown)
    if found is None:
        raise SystemExit(f"axe did not run on {page}")
    from urllib.parse import unquote

    return json.loads(unquote(html.unescape(found[1])))


def _chromium(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHROMIUM, *options, page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


if __name__ == "__main__":
    raise SystemExit(main())
