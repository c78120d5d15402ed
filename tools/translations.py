"""Bring the English catalogue up to date with the words in the code, and compile it.

Run it from the top of the tree after any change of words::

    .venv/bin/python -m tools.translations

It adds what is new (with an empty translation), drops what is gone, keeps the rest, and
writes ``messages.mo``, which travels with the code.  A new or changed sentence is then
translated in ``messages.po``, and the command is run again.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "lms" / "translations" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
PACKAGES = ("lms", "courses", "sso", "media")
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
OPTIONS = {"encoding": "utf-8", "extensions": "jinja2.ext.do", "silent": "false"}
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}


def main() -> None:
    catalogue = read(PO) if PO.exists() else Catalog(locale="en")
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=88, sort_output=True, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalogue)
    missing = sum(1 for message in catalogue if message.id and not message.string)
    print(f"{len(catalogue)} sentences, {missing} of them not translated yet")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def template() -> Catalog:
    """Return every sentence that the code can say, with where it says it."""
    found = Catalog(fuzzy=False)
    for words, where in (*in_files(), *in_wordings()):
        found.add(words, locations=[(where, 1)])
    return found


def in_files() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Yield what is marked with ``_`` and its kin, in Python and in templates."""
    for path in source_files():
        where = path.relative_to(ROOT).as_posix()
        found = extract_from_file(METHODS[path.suffix], path, KEYWORDS, options=OPTIONS)
        for _line, words, _comments, _context in found:
            yield words, where


def source_files() -> list[Path]:
    inside = (
        path
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.suffix in METHODS
    )
    return sorted([ROOT / "wsgi.py", *inside])


def in_wordings() -> Iterator[tuple[str, str]]:
    """Yield the sentences and labels that are looked up by a word."""
    for path in source_files():
        if path.name != "wording.py" or path.parent.name == "kernel":
            continue
        where = path.relative_to(ROOT)
        module = import_module(".".join(where.with_suffix("").parts))
        for table in ("SENTENCES", "LABELS"):
            for words in getattr(module, table, {}).values():
                yield str(words), where.as_posix()


if __name__ == "__main__":
    main()
