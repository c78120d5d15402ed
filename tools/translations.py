"""Keep the English catalogue in step with the Vietnamese source strings.

    .venv/bin/python tools/translations.py extract    bring messages.po up to date
    .venv/bin/python tools/translations.py compile    write messages.mo from it
    .venv/bin/python tools/translations.py check      say what is missing or wrong

With no word it does all three.  What is written depends on the strings alone, so a
second run changes nothing, and a diff shows words and never dates or positions.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "lms" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
PACKAGES = ("lms", "courses", "sso", "media")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
KEYWORDS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext"))
# %(name)s is filled in by the server, {name} by a script in the browser.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
SAME_IN_BOTH = {"Video"}


class Undated(Catalog):
    """A catalogue whose header says only what its readers need."""

    mime_headers = [
        ("Language", "en"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


def source_strings() -> set[str]:
    """Collect every Vietnamese string that is looked up for a reader."""
    return {*_wrapped(), *_worded()}


def _wrapped() -> Iterator[str]:
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, METHODS, OPTIONS, KEYWORDS)
        for _file, _line, words, _comments, _context in found:
            yield str(words)
    for _line, words, _comments, _context in extract_from_file(
        "python", ROOT / "wsgi.py", KEYWORDS
    ):
        yield str(words)


def _worded() -> Iterator[str]:
    from wsgi import WORDINGS

    for module in WORDINGS:
        for table in ("SENTENCES", "LABELS"):
            yield from getattr(module, table, {}).values()


def translations() -> dict[str, str]:
    """Return what messages.po says; a fuzzy entry counts as absent."""
    if not PO.exists():
        return {}
    with PO.open("rb") as file:
        return _pairs(read_po(file, locale="en"))


def compiled() -> dict[str, str]:
    """Return what messages.mo says."""
    with MO.open("rb") as file:
        return _pairs(read_mo(file))


def _pairs(catalogue: Iterable[Message]) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in catalogue if m.id and not m.fuzzy}


def _catalogue(pairs: dict[str, str]) -> Catalog:
    made = Undated("en", header_comment="# The interface in English.", fuzzy=False)
    for words in sorted(pairs):
        made.add(words, pairs[words])
    return made


def extract() -> None:
    """Write each source string with the translation it has, and nothing else."""
    known = translations()
    made = _catalogue({words: known.get(words, "") for words in source_strings()})
    text = BytesIO()
    write_po(text, made, width=88)
    PO.write_bytes(text.getvalue())


def compile_() -> None:
    with MO.open("wb") as file:
        write_mo(file, _catalogue(translations()))


def problems() -> list[str]:
    """Say, a line each, what keeps the English catalogue from being complete."""
    sources, known = source_strings(), translations()
    spoken = compiled() if MO.exists() else {}
    both = sources & known.keys()
    return [
        *(f"not extracted: {w}" for w in sorted(sources - known.keys())),
        *(f"obsolete: {w}" for w in sorted(known.keys() - sources)),
        *(f"not translated: {w}" for w in sorted(both) if not known[w]),
        *(f"left in Vietnamese: {w}" for w in sorted(both) if _is_left(w, known[w])),
        *(f"placeholders differ: {w}" for w in sorted(both) if _differ(w, known[w])),
        *(f"not compiled: {w}" for w in sorted(both) if spoken.get(w, "") != known[w]),
        *(f"compiled but gone: {w}" for w in sorted(spoken.keys() - known.keys())),
    ]


def _is_left(words: str, english: str) -> bool:
    return words == english and words not in SAME_IN_BOTH


def _differ(words: str, english: str) -> bool:
    return bool(english) and _placeholders(words) != _placeholders(english)


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def check() -> None:
    found = problems()
    print(*found, f"{len(translations())} strings, {len(found)} problems", sep="\n")
    if found:
        raise SystemExit(1)


STEPS = {"extract": extract, "compile": compile_, "check": check}

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for step in sys.argv[1:] or STEPS:
        STEPS[step]()
