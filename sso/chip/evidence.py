"""What a verification is given, by what rules it judges, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sso.chip.faces import Face
from sso.chip.mrz import Zone
from sso.chip.sod import LDS_SECURITY_OBJECT, LEGACY_CONTENT_TYPES
from sso.chip.verdicts import Result, Step, Verdict

FILE_NAMES = {1: "DG1", 2: "DG2", 13: "DG13", 14: "DG14", 15: "DG15"}
LARGEST_GROUP_BYTES = 200 * 1024
NEVER_READ = {3, 4}
"""Fingerprints and irises open only to their issuer's own terminals."""
REQUIRED = {1, 2}
REQUIRED_IF_LISTED = {14, 15}


@dataclass(frozen=True)
class Evidence:
    """Raw files, exactly as they came off the chip, and the chip's answers."""

    sod: bytes
    groups: Mapping[int, bytes]
    challenge: bytes | None = None
    """Eight bytes that the verifier chose for Active Authentication."""
    active_answer: bytes | None = None
    chip_authentication: "bool | None" = None
    """What a server-keyed Chip Authentication found; none where it was not done."""


@dataclass(frozen=True)
class Policy:
    """What is asked beyond cryptography."""

    issuer: str | None = "VNM"
    """The issuing state in the zone; None for any."""
    country: str | None = "VN"
    content_types: frozenset[str] = frozenset({LDS_SECURITY_OBJECT})
    allows_sha1: bool = False
    allows_expired_cards: bool = False


VIETNAMESE = Policy()
ANY_STATE = Policy(
    issuer=None,
    country=None,
    content_types=frozenset({LDS_SECURITY_OBJECT, *LEGACY_CONTENT_TYPES}),
    allows_sha1=True,
)


@dataclass(frozen=True)
class Report:
    """Every step with its verdict, and who the card says its holder is."""

    results: tuple[Result, ...]
    zone: Zone | None = None
    faces: tuple[Face, ...] = field(default=(), repr=False)
    anchor: str | None = None
    """The fingerprint of the loaded authority that the card leads to."""

    @property
    def refused(self) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.verdict is Verdict.REFUSED)

    @property
    def accepted(self) -> bool:
        return not self.refused

    def of(self, step: Step) -> Result:
        return next(result for result in self.results if result.step is step)

    def masked_identity(self, on: date) -> dict[str, str]:
        """Return who it is, with enough hidden to be shown to anybody and logged."""
        if self.zone is None:
            return {}
        zone = self.zone
        born, expires = zone.born_on(on), zone.expires_on
        return {
            "issuer": zone.issuer,
            "number": mask_number(zone.number or zone.document_number),
            "name": " ".join(
                word[0] + "*" * (len(word) - 1)
                for word in f"{zone.surname} {zone.given_names}".split()
            ),
            "birth_year": str(born.year) if born else "",
            "sex": zone.sex,
            "expires_on": expires.isoformat() if expires else "",
        }


def mask_number(number: str) -> str:
    """Hide all but the last four characters, or all but one of a short number."""
    shown = 4 if len(number) > 8 else 1  # noqa: PLR2004
    return "*" * (len(number) - shown) + number[-shown:]
