"""The station opens a chip and reads it whole, and says clearly when it cannot."""

from dataclasses import replace

import pytest

from sso.chip import agreement, apdu, messaging, security_infos, tlv
from sso.chip.apdu import Command
from sso.station.card import opened, takes_extended
from sso.station.troubles import SENTENCES, Stopped, Trouble
from sso.virtual_card import documents
from sso.virtual_card.chip import Behaviour, Gone, VirtualChip
from tests.sso.specimens import CHALLENGE, state

DATES = ("030115", "430115")


def card_with(behaviour=Behaviour(), dates=None, number=None, **wish):  # noqa: B008
    document = state().card(agreement_key=state().agreement, **wish)
    chip = VirtualChip(document, behaviour)
    number = number or document.person.number
    return (*opened(chip.transmit, chip.atr, number, dates), document)


@pytest.mark.parametrize("extended", [True, False])
@pytest.mark.parametrize(
    ("behaviour", "dates", "how"),
    [
        (Behaviour(), None, "pace"),
        (Behaviour(speaks_bac=False), None, "pace"),
        (Behaviour(speaks_pace=False), DATES, "bac"),
    ],
)
def test_every_file_arrives_as_it_was_written(behaviour, dates, how, extended):
    card, access, document = card_with(
        replace(behaviour, takes_extended=extended), dates
    )

    assert access == how
    assert card.read("SOD") == document.sod
    for number, content in document.groups.items():
        assert card.read(f"DG{number}") == content
    assert card.read("DG11") is None


def test_a_photograph_beyond_32_kb_is_read_by_the_far_form():
    large = documents.portrait(documents.Person()) + bytes(60_000)
    card, _, document = card_with(image=large)

    assert card.read("DG2") == document.groups[2]


def test_a_file_that_claims_to_be_huge_is_not_read():
    card, _, _ = card_with(groups={2: b"\x75\x83\xff\xff\xff" + bytes(500)})

    with pytest.raises(Stopped) as stopped:
        card.read("DG2")

    assert stopped.value.trouble is Trouble.FILE_TOO_LARGE


def test_progress_is_told_to_the_end():
    card, _, _ = card_with(Behaviour(takes_extended=False))
    told = []

    card.read("DG2", lambda _name, part: told.append(part))

    assert told == sorted(told)
    assert told[-1] == 1


def test_the_chip_answers_the_servers_challenge_and_agrees_with_it_on_keys():
    card, _, document = card_with()
    infos = security_infos.read_dg14(card.read("DG14"))
    agreed = agreement.chip_agreement(infos, 2**300 + 7)

    assert len(card.answer(CHALLENGE)) == 64
    carried = card.relay([one.encode() for one in agreed.commands()], agreed.probe())

    assert agreed.is_confirmed(carried, document.groups[1])
    assert not agreed.is_confirmed(carried, document.groups[1].replace(b"VNM", b"XXX"))


def test_a_copy_without_the_key_cannot_agree():
    document = state().card(agreement_key=state().agreement)
    copy = replace(document, agreement_key=replace(
        state().agreement, private=state().active.private))  # fmt: skip
    chip = VirtualChip(copy)
    card, _ = opened(chip.transmit, chip.atr, document.person.number)
    infos = security_infos.read_dg14(card.read("DG14"))
    agreed = agreement.chip_agreement(infos, 2**300 + 7)

    carried = card.relay([one.encode() for one in agreed.commands()], agreed.probe())

    assert not agreed.is_confirmed(carried, document.groups[1])


@pytest.mark.parametrize(
    ("behaviour", "dates", "number", "trouble"),
    [
        (Behaviour(), None, "001203054321", Trouble.WRONG_NUMBER),
        (Behaviour(speaks_pace=False), DATES, "001203054321", Trouble.WRONG_NUMBER),
        (Behaviour(speaks_pace=False), None, None, Trouble.NEEDS_DATES),
    ],
)
def test_a_card_that_does_not_open_says_why(behaviour, dates, number, trouble):
    with pytest.raises(Stopped) as stopped:
        card_with(behaviour, dates, number)

    assert stopped.value.trouble is trouble


def test_a_payment_card_is_told_from_an_identity_card():
    with pytest.raises(Stopped) as stopped:
        opened(lambda _command: b"\x6a\x82", b"\x3b\x00", "001203012345")

    assert stopped.value.trouble is Trouble.NOT_AN_ID_CARD


def test_an_answer_that_somebody_changed_on_the_way_ends_the_channel():
    document = state().card()
    chip = VirtualChip(document)
    card, _ = opened(chip.transmit, chip.atr, document.person.number)
    card.transmit = lambda command: (
        bytes((chip.transmit(command)[0] ^ 1,)) + b"\x90\x00"
    )

    with pytest.raises(Stopped) as stopped:
        card.read("DG1")

    assert stopped.value.trouble is Trouble.CHANNEL_BROKEN


@pytest.mark.parametrize("after", range(1, 20))
def test_a_card_pulled_out_at_any_moment_is_gone_and_nothing_else(after):
    chip = VirtualChip(state().card(), Behaviour(leaves_after=after))

    with pytest.raises(Gone):
        read_whole(chip)


def read_whole(chip):
    card, _ = opened(chip.transmit, chip.atr, "001203012345")
    for name in ("SOD", "DG1", "DG2", "DG14", "DG15"):
        card.read(name)


def test_extended_lengths_are_used_only_where_the_card_says_so():
    chip = VirtualChip(state().card())

    assert takes_extended(chip.atr)
    assert not takes_extended(bytes.fromhex("3b8580018073c0210057"))
    assert not takes_extended(b"")
    assert not takes_extended(b"\x3b\xff")


def test_every_trouble_has_its_sentence():
    assert set(SENTENCES) == set(Trouble)


# ICAO 9303-11, appendix D: the worked example.
SSC = 0x887022120C06C226
KEY_ENC = bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5")
KEY_MAC = bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
PROTECTED = [
    (
        "00A4020C02011E",
        "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
        "990290008E08FA855A5D4C50A8ED9000",
        "",
    ),
    (
        "00B0000004",
        "0CB000000D9701048E08ED6705417E96BA5500",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        "60145F01",
    ),
]


def test_secure_messaging_is_that_of_the_standards_example():
    reader = messaging.Channel(messaging.SUITES["3des"], b"", SSC)
    chip = messaging.Channel(messaging.SUITES["3des"], b"", SSC)
    for side in (reader, chip):
        side.encryption_key, side.mac_key = KEY_ENC, KEY_MAC

    for plain, protected, answer, data in PROTECTED:
        command = apdu.read_command(bytes.fromhex(plain))
        assert reader.wrap(command).hex().upper() == protected
        assert chip.open(apdu.read_command(bytes.fromhex(protected))) == command
        response = reader.unwrap(bytes.fromhex(answer))
        assert response.data.hex().upper() == data
        assert chip.seal(response).hex().upper() == answer


@pytest.mark.parametrize("suite", ["3des", "aes128", "aes192", "aes256"])
@pytest.mark.parametrize(
    "command",
    [
        Command(0, 0xA4, 2, 0x0C, b"\x01\x1e"),
        Command(0, 0xB0, 0, 0, b"", 256),
        Command(0, 0xB0, 0, 0, b"", 2000),
        Command(0, 0xB1, 0, 0, tlv.build(0x54, b"\x00\x80\x00"), 300),
        Command(0, 0x88, 0, 0, bytes(300), 65536),
    ],
)
def test_each_side_opens_what_the_other_closed(suite, command):
    reader = messaging.Channel(messaging.SUITES[suite], b"secret")
    chip = messaging.Channel(messaging.SUITES[suite], b"secret")

    arrived = chip.open(apdu.read_command(reader.wrap(command)))
    answered = reader.unwrap(chip.seal(apdu.Response(bytes(range(200)), 0x9000)))

    assert arrived == command
    assert answered.data == bytes(range(200))
