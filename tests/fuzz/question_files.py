"""Throw broken question files at the parsers, for as long as is asked.

    python -m tests.fuzz.question_files --minutes 10 [--format gift] [--seed 1]

Memory is capped at 512 MiB for the whole process, and no file may take longer than ten
seconds.  A file that breaks a parser is written to ``tests/fuzz/seeds`` and read by
``tests/courses/test_exchange_seeds.py`` ever after.
"""

import argparse
import random
import resource
import sys
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import perf_counter
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from courses.exchange.checking import checked_reading
from courses.exchange.exported import Exported
from courses.exchange.formats import WRITERS
from courses.exchange.rules import NotTaken
from courses.items.types import parse
from tests.courses import word_papers
from tests.factories.items import ALL_KINDS

MEMORY_BYTES = 512 * 1024 * 1024
SLOWEST_SECONDS = 10
SEEDS = Path(__file__).parent / "seeds"
MARKS = [
    b"{", b"}", b"=", b"~", b"#", b"::", b"->", b"%50%", b"\\", b"\n\n", b"//", b"####",
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"{1:MC:=a~b}", b"[[1]]", b"$CATEGORY: a/b",
    b"fraction='100'", b"1e999",
    b"9" * 40,
    b"<mapEntry/>", b"<match/>", b"</w:p>", b"<w:tbl>",
    b"C\xc3\xa2u 1.", b"A. ", b"a) ",
    b"\xcc\x81", b"\xf0\x9f\x92\xa3", b"ANSWER: A", b"<m:oMath>", b"$", b"\\(", b"\\)",
]  # fmt: skip


def samples() -> dict[str, list[bytes]]:
    """Return good files of each format, to be broken."""
    specs = [parse(spec).stored() for spec in ALL_KINDS.values()]
    sent = [Exported(spec, f"Câu {number}") for number, spec in enumerate(specs, 1)]
    written = {
        name: [write(sent, lambda _folder: None).content]
        for name, write in WRITERS.items()
    }
    papers = [make() for make in word_papers.STYLES.values()]
    papers += [word_papers.exam_of_2025(), word_papers.formulas_and_pictures()]
    papers += [word_papers.statements_marked_in_place(), word_papers.with_faults()]
    return written | {"word": papers}


def broken(content: bytes, chance: random.Random) -> bytes:
    """Break a file; an archive is mostly broken inside, or nothing would be reached."""
    if content[:2] == b"PK" and chance.random() < 0.9:
        return _broken_inside(content, chance)
    return _broken(content, chance)


def _broken_inside(content: bytes, chance: random.Random) -> bytes:
    out = BytesIO()
    try:
        with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
            names = old.namelist()
            hit = chance.choice(
                [name for name in names if name.endswith((".xml", ".rels", ".json"))]
            )
            for name in names:
                inside = old.read(name)
                new.writestr(name, _broken(inside, chance) if name == hit else inside)
    except (BadZipFile, IndexError):
        return content
    return out.getvalue()


def _broken(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _time in range(chance.choice((1, 1, 2, 5, 20))):
        CHANGES[chance.randrange(len(CHANGES))](made, chance)
    return bytes(made[: 4 * 1024 * 1024])


def _flip(made: bytearray, chance: random.Random) -> None:
    if made:
        made[chance.randrange(len(made))] = chance.randrange(256)


def _insert(made: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(made) + 1)
    made[place:place] = chance.choice(MARKS) * chance.choice((1, 1, 1, 3, 200))


def _cut(made: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(made) + 1)
    del made[begin : begin + chance.choice((1, 5, 50, 500))]


def _repeat(made: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(made) + 1)
    piece = made[begin : begin + chance.choice((5, 50, 500))]
    made[begin:begin] = piece * chance.choice((1, 2, 30))


def _move(made: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(made) + 1)
    piece = made[begin : begin + 80]
    del made[begin : begin + 80]
    place = chance.randrange(len(made) + 1)
    made[place:place] = piece


CHANGES: list[Callable[[bytearray, random.Random], None]] = [
    _flip,
    _insert,
    _insert,
    _cut,
    _repeat,
    _move,
]


def tried(content: bytes) -> str:
    """Read a file; returns what is wrong with how it was read, or nothing."""
    began = perf_counter()
    try:
        reading = checked_reading(content)
        for one in reading.found:
            parse(one.spec)
    except NotTaken:
        pass
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    seconds = perf_counter() - began
    return f"{seconds:.1f} s" if seconds > SLOWEST_SECONDS else ""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--format", default="")
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES * 2, MEMORY_BYTES * 2))
    chance = random.Random(given.seed)
    faults = 0
    for name, files in samples().items():
        if given.format in ("", name):
            faults += _search(name, files, given.minutes * 60, chance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{faults} faults; peak memory {peak} MiB")
    return 1 if faults or peak * 1024 * 1024 > MEMORY_BYTES else 0


def _search(
    name: str, files: list[bytes], seconds: float, chance: random.Random
) -> int:
    ends, count, faults, slowest = perf_counter() + seconds, 0, 0, 0.0
    while perf_counter() < ends:
        content = broken(chance.choice(files), chance)
        began = perf_counter()
        problem = tried(content)
        slowest = max(slowest, perf_counter() - began)
        count += 1
        if problem:
            faults += 1
            SEEDS.mkdir(exist_ok=True)
            seed = SEEDS / f"{name}-{sha256(content).hexdigest()[:12]}"
            seed.write_bytes(content)
            print(f"{name}: {problem} -> {seed}")
    print(
        f"{name}: {count} files, {faults} faults, slowest {slowest:.2f} s", flush=True
    )
    return faults


if __name__ == "__main__":
    sys.exit(main())
