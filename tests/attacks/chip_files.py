"""Files of a chip as an attacker would write them: none crashes, hangs or swells.

The suite runs a few hundred.  The long run, optionally on a folder of specimens::

    .venv/bin/python -m tests.attacks.chip_files 100000 [FOLDER]

Each file has one second of the processor, and 64 MiB beyond what the program needed
before it.
"""

import random
import resource
import signal
import sys
import time
from pathlib import Path

from sso.chip import certificates, trust
from sso.chip.evidence import ANY_STATE, VIETNAMESE, Evidence
from sso.chip.tlv import Malformed
from sso.chip.verification import verify
from sso.virtual_card import issuing
from tests.sso.specimens import CHALLENGE, EXAM, FRESH, state

LONGEST_S = 1.0
MOST_BYTES = 64 * 1024 * 1024
NASTY = (
    b"\x80",
    b"\x84\xff\xff\xff\xff",
    b"\x83\xff\xff\xff",
    b"\x00",
    b"\xff",
    b"\x30\x80",
)


class TooSlow(BaseException):
    """Past its second; not an Exception, lest a parser's net catch it."""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    begun = time.monotonic()
    accepted, slowest = run(count, seed=time.time_ns(), more=specimens(folder))
    print(
        f"{count} files in {time.monotonic() - begun:.0f} s; slowest "
        f"{1000 * slowest:.0f} ms; {accepted} harmless changes accepted; no crash"
    )


def run(count: int, seed: int, more: dict[int, list[bytes]]) -> tuple[int, float]:
    """Judge so many files; return how many passed, and the slowest in seconds."""
    chance = random.Random(seed)
    seeds = {number: [*own, *more.get(number, [])] for number, own in ours().items()}
    signal.signal(signal.SIGPROF, _stop)
    judge(0, seeds[0][0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_size_bytes() + MOST_BYTES, before[1]))
    accepted, slowest = 0, 0.0
    try:
        for _ in range(count):
            number = chance.choice(list(seeds))
            data = mutated(chance.choice(seeds[number]), chance)
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
            accepted += judge(number, data)
            signal.setitimer(signal.ITIMER_PROF, 0)
            slowest = max(slowest, time.process_time() - begun)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
    return accepted, slowest


def ours() -> dict[int, list[bytes]]:
    """Files by group: 0 is EF.SOD, -1 a certificate, -2 a revocation list."""
    card = state().card(agreement_key=state().agreement)
    files = {number: [content] for number, content in card.groups.items()}
    files[0] = [card.sod]
    files[-1] = [state().authority.der, state().signer.der]
    files[-2] = [issuing.revocation_list(state().authority, [state().signer], **FRESH)]
    return files


def specimens(folder: Path | None) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = {}
    for path in sorted(folder.rglob("*")) if folder else ():
        name = path.name
        if name.endswith("EF_SOD.bin"):
            found.setdefault(0, []).append(path.read_bytes())
        elif name.endswith(".cer"):
            found.setdefault(-1, []).append(path.read_bytes())
        elif name.endswith(".dat") and "DG2" in name:
            found.setdefault(2, []).append(path.read_bytes())
        for group in (1, 14, 15):
            if name.endswith(f".DG{group}.bin"):
                found.setdefault(group, []).append(path.read_bytes())
    return found


def judge(number: int, data: bytes) -> bool:
    """Let the platform judge one file; anything but a verdict is a crash."""
    if number < 0:
        read = (certificates.read_crl, trust.read_anchors)[number + 2]
        try:
            read(data)
        except Malformed:
            return False
        return True
    card = state().card(agreement_key=state().agreement)
    answer = state().active.sign_plain(CHALLENGE)
    groups = {**card.groups, **({number: data} if number else {})}
    sod = card.sod if number else data
    policy = VIETNAMESE if len(data) % 2 else ANY_STATE
    evidence = Evidence(sod, groups, CHALLENGE, answer)
    report = verify(evidence, state().trust(), EXAM, policy=policy)
    report.masked_identity(EXAM.date())
    return report.accepted


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Change a file as fuzzers do: bits, bytes, lengths, cuts, doublings."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed) or 1)
        chance.choice(CHANGES)(changed, at, chance)
    return bytes(changed)


def set_byte(changed: bytearray, at: int, chance: random.Random) -> None:
    changed[at : at + 1] = bytes([chance.randrange(256)])


def set_nasty(changed: bytearray, at: int, chance: random.Random) -> None:
    changed[at : at + 1] = chance.choice(NASTY)


def cut(changed: bytearray, at: int, chance: random.Random) -> None:
    del changed[at : chance.choice((at + 1, at + 7, at + 31, len(changed)))]


def repeat(changed: bytearray, at: int, chance: random.Random) -> None:
    piece = changed[at : at + chance.randrange(1, 512)]
    changed[at:at] = piece * chance.choice((1, 2, 64))


def flip(changed: bytearray, at: int, chance: random.Random) -> None:
    for place in range(at, min(at + 2, len(changed))):
        changed[place] ^= 1 << chance.randrange(8)


CHANGES = (set_byte, set_nasty, cut, repeat, flip)


def _stop(*_signal: object) -> None:
    raise TooSlow


def _size_bytes() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
