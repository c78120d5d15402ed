"""The steps of a verification, and the words in which each says what it found."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is asked of a card, in this order.

    The first nine are passive authentication (ICAO 9303-11, 5.1); the two on the
    photograph and the personal data read what those have proved; the last two ask
    whether the chip is the one that was signed for.
    """

    STRUCTURE = "structure"
    SIGNER = "signer"
    SIGNATURE = "signature"
    HASHES = "hashes"
    COMPLETENESS = "completeness"
    CHAIN = "chain"
    DATES = "dates"
    REVOCATION = "revocation"
    HOLDER = "holder"
    PHOTO = "photo"
    PERSONAL_DATA = "personal_data"
    ACTIVE_AUTHENTICATION = "active_authentication"
    CHIP_AUTHENTICATION = "chip_authentication"


class Verdict(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    NOT_CHECKED = "not_checked"
    WARNING = "warning"


class Reason(StrEnum):
    """Why a step ended as it did."""

    FINE = "fine"
    NOT_REACHED = "not_reached"

    FILE_TOO_LARGE = "file_too_large"
    SOD_MALFORMED = "sod_malformed"
    CONTENT_TYPE = "content_type"
    SIGNED_DATA_VERSION = "signed_data_version"
    SIGNER_COUNT = "signer_count"
    LDS_VERSION = "lds_version"
    LDS_MALFORMED = "lds_malformed"
    UNKNOWN_DIGEST = "unknown_digest"

    SIGNER_NOT_FOUND = "signer_not_found"
    CERTIFICATE_MALFORMED = "certificate_malformed"
    NO_SIGNED_ATTRIBUTES = "no_signed_attributes"
    CONTENT_TYPE_DIFFERS = "content_type_differs"
    CONTENT_ALTERED = "content_altered"
    SIGNATURE_WRONG = "signature_wrong"
    ALGORITHM_UNKNOWN = "algorithm_unknown"
    WEAK_DIGEST = "weak_digest"

    GROUP_ALTERED = "group_altered"
    GROUP_NOT_LISTED = "group_not_listed"
    GROUP_MISSING = "group_missing"

    UNKNOWN_CSCA = "unknown_csca"
    CSCA_SIGNATURE_WRONG = "csca_signature_wrong"
    SIGNER_IS_AUTHORITY = "signer_is_authority"
    WRONG_COUNTRY = "wrong_country"

    SIGNED_OUTSIDE_VALIDITY = "signed_outside_validity"
    CSCA_OUTSIDE_VALIDITY = "csca_outside_validity"
    KEY_PERIOD_OVER = "key_period_over"
    SIGNED_IN_FUTURE = "signed_in_future"
    SIGNING_TIME_UNKNOWN = "signing_time_unknown"
    CARD_EXPIRED = "card_expired"

    SIGNER_REVOKED = "signer_revoked"
    CRL_MISSING = "crl_missing"
    CRL_STALE = "crl_stale"
    CRL_SIGNATURE_WRONG = "crl_signature_wrong"

    DG1_MALFORMED = "dg1_malformed"
    CHECK_DIGIT_WRONG = "check_digit_wrong"
    WRONG_ISSUER = "wrong_issuer"
    NUMBER_MALFORMED = "number_malformed"
    NUMBER_UNLIKE_HOLDER = "number_unlike_holder"

    PHOTO_UNREADABLE = "photo_unreadable"
    DG13_MALFORMED = "dg13_malformed"
    DG13_MISMATCH = "dg13_mismatch"
    NOT_READ = "not_read"

    NO_CLONE_PROTECTION = "no_clone_protection"
    CLONE_PROTECTION_NOT_SHOWN = "clone_protection_not_shown"
    NOT_ON_THIS_CARD = "not_on_this_card"
    DG14_MALFORMED = "dg14_malformed"
    DG15_MALFORMED = "dg15_malformed"
    AA_MISSING = "aa_missing"
    CHALLENGE_MISSING = "challenge_missing"
    AA_WRONG = "aa_wrong"
    CA_MISSING = "ca_missing"
    CA_WRONG = "ca_wrong"
    CA_UNSUPPORTED = "ca_unsupported"


@dataclass(frozen=True, slots=True)
class Result:
    """What one step found; *detail* names algorithms, files or days, never a person."""

    step: Step
    verdict: Verdict
    reason: Reason = Reason.FINE
    detail: str = ""


class Doubt(Exception):
    """A step cannot go on: this is why."""

    def __init__(
        self, reason: Reason, detail: str = "", verdict: Verdict = Verdict.REFUSED
    ) -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason, self.detail, self.verdict = reason, detail, verdict

    def result(self, step: Step) -> Result:
        return Result(step, self.verdict, self.reason, self.detail)
