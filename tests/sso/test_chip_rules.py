"""A card is believed for what its state signed, and refused for everything else."""

from datetime import UTC, date, datetime
from hashlib import new

import pytest
from asn1crypto import cms

from sso.chip import (
    active,
    certificates,
    faces,
    keys,
    mrz,
    personal,
    security_infos,
    tlv,
)
from sso.chip.evidence import ANY_STATE, VIETNAMESE, Policy
from sso.chip.keys import RsaKey
from sso.chip.tlv import Malformed
from sso.chip.trust import TrustStore
from sso.chip.verdicts import Reason, Step, Verdict
from sso.chip.verification import verify
from sso.virtual_card import documents, issuing
from sso.virtual_card.documents import Person, Wish
from tests.sso.specimens import CHALLENGE, EXAM, FRESH, SIGNED, evidence, state

R, S = Reason, Step


def judged(document, *, trust=None, now=EXAM, policy=VIETNAMESE, **more):
    return verify(
        evidence(document, **more), trust or state().trust(), now, policy=policy
    )


def refusals(report):
    return {
        result.step: result.reason
        for result in report.results
        if result.verdict is Verdict.REFUSED
    }


def test_a_lawful_card_is_accepted_and_its_holder_known():
    report = judged(state().card())

    assert refusals(report) == {}
    assert report.accepted
    assert report.zone.number == "001203012345"
    assert [face.format.value for face in report.faces] == ["jpeg"]
    assert report.of(S.REVOCATION).detail == "2026-08-01"


@pytest.mark.parametrize(
    ("authority", "signer"),
    [
        (issuing.rsa_pair, lambda: issuing.rsa_pair(digest="sha512")),
        (
            lambda: issuing.rsa_pair(salt_bytes=32),
            lambda: issuing.rsa_pair(digest="sha384", salt_bytes=48),
        ),
        (
            lambda: issuing.ec_pair("BRAINPOOLP384r1", "sha384", explicit=True),
            lambda: issuing.ec_pair("BRAINPOOLP256r1", explicit=True),
        ),
        (
            lambda: issuing.ec_pair("BRAINPOOLP512r1", "sha512"),
            lambda: issuing.ec_pair("BRAINPOOLP320r1", "sha256", explicit=True),
        ),
        (
            lambda: issuing.ec_pair("NIST521p", "sha512", explicit=True),
            lambda: issuing.ec_pair("BRAINPOOLP224r1", "sha224"),
        ),
    ],
    ids=["rsa", "pss", "explicit-brainpool", "small-brainpool", "nist"],
)  # fmt: skip
def test_every_kind_of_key_that_states_use_is_understood(authority, signer):
    root = issuing.authority(authority())
    signed_by = issuing.signer(root, signer())
    document = documents.make(
        signed_by, Wish(active_key=state().active, signed_at=SIGNED)
    )

    report = judged(document, trust=TrustStore(
        (certificates.read_certificate(root.der),),
        (certificates.read_crl(issuing.revocation_list(root, **FRESH)),),
    ))  # fmt: skip

    assert refusals(report) == {}
    assert report.of(S.REVOCATION).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("group", "content"),
    [
        (1, documents.dg1(Person(number="001203099999"))),
        (2, documents.dg2(documents.portrait(Person(number="001203099999")))),
        (13, documents.dg13(Person(name="Trần Thị Bình"))),
    ],
)
def test_an_altered_group_is_found_by_its_hash(group, content):
    report = judged(documents.altered(state().card(), group, content))

    assert refusals(report)[S.HASHES] is R.GROUP_ALTERED
    assert report.of(S.HASHES).detail == f"DG{group}"


@pytest.mark.parametrize("hidden", [1, 2, 14, 15])
def test_a_group_that_the_state_signed_may_not_be_hidden(hidden):
    report = judged(documents.without(state().card(), hidden))

    assert refusals(report)[S.COMPLETENESS] is R.GROUP_MISSING


def test_personal_data_need_not_be_read():
    report = judged(documents.without(state().card(), 13))

    assert report.accepted
    assert report.of(S.PERSONAL_DATA).reason is R.NOT_READ


def test_a_group_that_the_state_did_not_sign_is_refused():
    card = state().card(active_key=None)

    report = judged(documents.altered(card, 15, b"\x6f\x00"))

    assert refusals(report)[S.HASHES] is R.GROUP_NOT_LISTED


def test_a_copy_that_cannot_answer_is_refused():
    report = judged(state().card(), active_answer=None)

    assert refusals(report) == {S.ACTIVE_AUTHENTICATION: R.AA_MISSING}


@pytest.mark.parametrize("answer", [b"\x6d\x00", b"\x00" * 64, b"\xff" * 64, b"\x30"])
def test_a_wrong_answer_is_refused(answer):
    assert S.ACTIVE_AUTHENTICATION in refusals(
        judged(state().card(), active_answer=answer)
    )


def test_an_answer_to_an_older_challenge_is_refused():
    card = state().card()
    recorded = card.active_key.sign_plain(b"8 bytes.")

    assert refusals(judged(card, active_answer=recorded)) == {
        S.ACTIVE_AUTHENTICATION: R.AA_WRONG
    }


def test_both_forms_of_an_ecdsa_answer_are_read_with_or_without_status():
    card = state().card()
    for answer in (
        card.active_key.sign(CHALLENGE),
        card.active_key.sign_plain(CHALLENGE),
    ):
        assert judged(card, active_answer=answer).accepted
        assert judged(card, active_answer=answer + b"\x90\x00").accepted


def test_a_card_without_protection_against_copies_is_marked():
    report = judged(state().card(active_key=None))

    assert report.accepted
    assert report.of(S.CHIP_AUTHENTICATION).reason is R.NO_CLONE_PROTECTION
    assert report.of(S.CHIP_AUTHENTICATION).verdict is Verdict.WARNING


def test_an_unknown_authority_is_not_believed():
    other = issuing.authority(issuing.ec_pair(), "Another")

    report = judged(state().card(), trust=state().trust(other))

    assert refusals(report) == {S.CHAIN: R.UNKNOWN_CSCA}


def test_an_authority_that_only_bears_the_name_is_not_believed():
    twin = issuing.authority(issuing.ec_pair())
    signed_by = issuing.signer(twin, issuing.ec_pair())
    card = documents.make(signed_by, Wish(active_key=state().active, signed_at=SIGNED))

    assert refusals(judged(card)) == {S.CHAIN: R.CSCA_SIGNATURE_WRONG}


def test_a_curve_with_a_generator_of_ones_own_is_no_curve():
    curve = issuing.ec_pair("NIST256p", explicit=True)
    generator = curve.private.curve.generator
    double = (generator * 2).to_bytes()
    forged = curve.info.replace(generator.to_bytes("uncompressed"), double)

    assert forged != curve.info
    with pytest.raises(Malformed):
        keys.read_key(forged)


def test_a_link_certificate_leads_from_a_new_key_to_the_loaded_one():
    old, new = state().authority, issuing.authority(issuing.ec_pair(), "CSCA 2")
    between = certificates.read_certificate(issuing.link(old, new).der)
    card = documents.make(
        issuing.signer(new, issuing.ec_pair()),
        Wish(active_key=state().active, signed_at=SIGNED),
    )
    given = evidence(card)

    assert not verify(given, state().trust(), EXAM).accepted
    assert verify(given, state().trust(), EXAM, signers=[between]).accepted


def test_a_signer_may_not_be_an_authority():
    card = documents.make(state().authority, Wish(signed_at=SIGNED))

    assert refusals(judged(card))[S.CHAIN] is R.SIGNER_IS_AUTHORITY


def test_a_card_of_another_state_is_refused_unless_asked_for():
    root = issuing.authority(issuing.ec_pair(), country="UT")
    signed_by = issuing.signer(root, issuing.ec_pair(), country="UT")
    card = documents.make(signed_by, Wish(signed_at=SIGNED))

    assert refusals(judged(card, trust=state().trust(root)))[S.CHAIN] is R.WRONG_COUNTRY
    assert judged(card, trust=state().trust(root), policy=ANY_STATE).accepted


def test_a_revoked_signer_takes_all_its_cards_with_it():
    bad = issuing.revocation_list(state().authority, [state().signer], **FRESH)

    report = judged(state().card(), trust=state().trust(crls=(bad,)))

    assert refusals(report) == {S.REVOCATION: R.SIGNER_REVOKED}


def test_an_old_list_still_condemns_but_clears_nobody():
    old = {
        "this_update": datetime(2024, 1, 1, tzinfo=UTC),
        "next_update": datetime(2024, 4, 1, tzinfo=UTC),
    }
    empty = issuing.revocation_list(state().authority, **old)
    bad = issuing.revocation_list(state().authority, [state().signer], **old)

    cleared = judged(state().card(), trust=state().trust(crls=(empty,)))
    condemned = judged(state().card(), trust=state().trust(crls=(bad,)))

    assert cleared.of(S.REVOCATION).reason is R.CRL_STALE
    assert cleared.of(S.REVOCATION).verdict is Verdict.NOT_CHECKED
    assert refusals(condemned) == {S.REVOCATION: R.SIGNER_REVOKED}


def test_a_forged_list_says_nothing():
    twin = issuing.authority(issuing.ec_pair())
    forged = issuing.revocation_list(twin, [state().signer], **FRESH)

    report = judged(state().card(), trust=state().trust(crls=(forged,)))

    assert report.of(S.REVOCATION).reason is R.CRL_SIGNATURE_WRONG
    assert report.accepted


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"not_after": datetime(2022, 1, 1, tzinfo=UTC)}, R.SIGNED_OUTSIDE_VALIDITY),
        ({"not_before": datetime(2024, 1, 1, tzinfo=UTC)}, R.SIGNED_OUTSIDE_VALIDITY),
        ({"key_used_until": datetime(2022, 1, 1, tzinfo=UTC)}, R.KEY_PERIOD_OVER),
    ],
)
def test_a_signer_signs_only_while_it_may(more, reason):
    signed_by = issuing.signer(state().authority, issuing.ec_pair(), **more)
    card = documents.make(signed_by, Wish(active_key=state().active, signed_at=SIGNED))

    assert refusals(judged(card)) == {S.DATES: reason}


def test_a_card_outlives_the_certificate_that_signed_it():
    signed_by = issuing.signer(
        state().authority, issuing.ec_pair(), not_after=datetime(2024, 1, 1, tzinfo=UTC)
    )
    card = documents.make(signed_by, Wish(active_key=state().active, signed_at=SIGNED))

    assert judged(card).accepted


def test_the_day_of_issue_stands_in_for_a_signing_time():
    with_day = judged(state().card(signed_at=None))
    without_day = judged(documents.without(state().card(signed_at=None), 13))

    assert with_day.of(S.DATES).verdict is Verdict.OK
    assert without_day.of(S.DATES).reason is R.SIGNING_TIME_UNKNOWN


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (date(2026, 9, 4), R.CARD_EXPIRED),
        (date(2026, 9, 5), R.FINE),
        (None, R.FINE),
    ],
)
def test_a_card_is_good_to_the_end_of_its_last_day(last, reason):
    card = state().card(person=Person(expires_on=last))

    assert judged(card).of(S.DATES).reason is reason


def test_an_expired_card_can_be_let_in_by_policy():
    card = state().card(person=Person(expires_on=date(2026, 1, 1)))

    assert judged(card, policy=Policy(allows_expired_cards=True)).accepted


def test_sha1_is_refused_for_our_cards_and_marked_for_others():
    card = state().card(digest="sha1")

    assert refusals(judged(card)) == {S.HASHES: R.WEAK_DIGEST}
    assert judged(card, policy=ANY_STATE).of(S.HASHES).verdict is Verdict.WARNING


def test_personal_data_must_say_what_the_zone_says():
    card = state().card(groups={13: documents.dg13(Person(number="079300654321"))})

    report = judged(card)

    assert refusals(report) == {S.PERSONAL_DATA: R.DG13_MISMATCH}
    assert report.of(S.PERSONAL_DATA).detail == "number"


def test_a_number_unlike_its_holder_is_a_warning_and_no_more():
    report = judged(state().card(person=Person(sex="F")))

    assert report.accepted
    assert report.of(S.HOLDER).reason is R.NUMBER_UNLIKE_HOLDER


@pytest.mark.parametrize("cut", [0, 1, 4, 100, -1])
def test_a_security_object_cut_short_is_malformed(cut):
    card = state().card()

    report = verify(
        evidence(documents.Document(card.person, card.sod[:cut], card.groups)),
        state().trust(),
        EXAM,
    )

    assert refusals(report)[S.STRUCTURE] is R.SOD_MALFORMED


def test_nothing_may_follow_the_security_object():
    card = state().card()

    report = judged(documents.Document(card.person, card.sod + b"\x00", card.groups))

    assert refusals(report)[S.STRUCTURE] is R.SOD_MALFORMED


def test_a_changed_hash_breaks_the_seal_over_the_hashes():
    card = state().card()
    outer = cms.ContentInfo.load(tlv.value(card.sod, 0x77))
    content = bytes(outer["content"]["encap_content_info"]["content"])
    forged = card.sod.replace(content[-20:], bytes(20))

    report = judged(documents.Document(card.person, forged, card.groups))

    assert refusals(report)[S.SIGNATURE] is R.CONTENT_ALTERED


# The zone of a card whose sample is public, and one from ICAO 9303-5, appendix B.
ZONES = [
    (
        "IDVNM0910055134051091005513<<09101014M3101012VNM<<<<<<<<<<<8"
        "DINH<<DUY<TAN<<<<<<<<<<<<<<<<<",
        ("VNM", "051091005513", date(1991, 1, 1), "M", date(2031, 1, 1)),
    ),
    (
        "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6"
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ("UTO", None, date(1974, 8, 12), "F", date(2012, 4, 15)),
    ),
    (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ("UTO", None, date(1974, 8, 12), "F", date(2012, 4, 15)),
    ),
    (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
        "D231458907UTO7408122F1204159<<<<<<<6",
        ("UTO", None, date(1974, 8, 12), "F", date(2012, 4, 15)),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ZONES)
def test_zones_of_all_sizes_are_read(text, expected):
    zone = mrz.parse(text)

    assert zone.checked
    assert (
        zone.issuer, zone.number, zone.born_on(date(2026, 9, 5)), zone.sex,
        zone.expires_on,
    ) == expected  # fmt: skip


@pytest.mark.parametrize("place", [14, 36, 44, 59])
def test_each_wrong_check_digit_is_noticed(place):
    text = ZONES[0][0]
    wrong = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]

    assert not mrz.parse(wrong).checked


def test_a_card_without_a_last_day_says_991231():
    assert mrz.parse(Person(expires_on=None).zone).expires_on is None


@pytest.mark.parametrize(
    ("number", "year"),
    [("001203012345", 2003), ("031199000001", 1999), ("079300654321", 2000)],
)
def test_twelve_digits_tell_the_year_of_birth(number, year):
    assert mrz.birth_year_of(number) == year


def test_parents_are_found_in_either_nesting_and_a_spouse_may_be_missing():
    said = personal.read_dg13(documents.dg13(Person()))

    assert said.strings[personal.Field.PARENTS] == ("Cha Mẫu", "Mẹ Mẫu")
    assert said.strings[personal.Field.SPOUSE] == ()
    assert said.one(personal.Field.NAME) == "Nguyễn Văn An"
    assert said.issued_on == date(2023, 5, 10)

    together = tlv.build(0x30, b"".join(
        tlv.build(0x0C, n.encode()) for n in ("Cha Mẫu", "Mẹ Mẫu")))  # fmt: skip
    field = tlv.build(0x30, b"\x02\x01\x0d" + together)
    nested = tlv.build(0x6D, tlv.build(0x30, tlv.build(0x31, field)))
    assert personal.read_dg13(nested).strings[personal.Field.PARENTS] == (
        "Cha Mẫu",
        "Mẹ Mẫu",
    )


def test_a_newer_face_record_is_searched_for_its_image():
    image = b"\xff\x4f\xff\x51" + b"image"
    tree = tlv.build(0xA0, tlv.build(0x30, tlv.build(0xA1, tlv.build(0x80, image))))
    template = tlv.build(0x7F60, tlv.build(0x7F2E, tree))
    dg2 = tlv.build(0x75, tlv.build(0x7F61, b"\x02\x01\x01" + template))

    assert faces.read_dg2(dg2) == [faces.Face(image, faces.ImageFormat.JPEG2000)]


def test_the_file_of_vietnamese_cards_names_its_pace():
    infos = security_infos.read_infos(documents.card_access())

    protocol, curve = infos.pace()

    assert documents.card_access().hex() == (
        "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a0400"
        "7f0007020204020202010202010d"
    )
    assert (protocol.cipher, curve.name) == ("aes128", "BRAINPOOLP256r1")


@pytest.mark.parametrize(
    ("digest", "trailer"),
    [
        ("sha1", b"\xbc"),
        ("sha1", b"\x33\xcc"),
        ("sha256", b"\x34\xcc"),
        ("sha512", b"\x35\xcc"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_an_rsa_chip_answers_by_iso_9796(digest, trailer, turned):
    pair = issuing.rsa_pair(2048).private
    numbers = pair.private_numbers()
    n = numbers.public_numbers.n
    size = 256 - 1 - len(trailer) - new(digest).digest_size
    nonce = bytes(range(1, 256)) * 2
    hashed = new(digest, nonce[:size] + CHALLENGE).digest()
    block = int.from_bytes(b"\x6a" + nonce[:size] + hashed + trailer, "big")
    answer = pow(block, numbers.d, n)
    if turned:
        answer = n - answer
    key = RsaKey(n, numbers.public_numbers.e)

    assert active.is_answered(key, CHALLENGE, answer.to_bytes(256, "big"), None)
    assert not active.is_answered(key, b"another.", answer.to_bytes(256, "big"), None)
