"""Payment codes: what other people's programs read, ours writes to the letter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.fees.rules.vietqr import (
    Init,
    QRRefusal,
    Service,
    Unreadable,
    VietQR,
    checksum,
    decode,
    encode,
)

SCHOOL = VietQR("970436", "0071000123456", amount=350_000, additional={"08": "HP26A"})


@pytest.mark.parametrize(
    ("text", "expected"), [(b"123456789", "29B1"), (b"", "FFFF"), (b"A", "B915")]
)
def test_the_checksum_is_the_published_one(text, expected):
    assert checksum(text) == expected


def test_a_code_without_an_amount_is_static():
    assert encode(VietQR("970403", "0011012345678")) == (
        "00020101021138570010A000000727012700069704030113001101234567802"
        "08QRIBFTTA53037045802VN63049E6F"
    )


def test_a_code_for_a_bill_carries_its_amount_and_memo():
    code = VietQR(
        "970418",
        "1234567890",
        amount=1_250_000,
        additional={"08": "THU BAN TRU T9 6A1", "01": "PT2026000017"},
    )

    assert encode(code) == (
        "00020101021238540010A00000072701240006970418011012345678900208QRIBFTTA"
        "5303704540712500005802VN62380112PT20260000170818THU BAN TRU T9 6A1630402F6"
    )


def test_accents_are_left_at_home():
    code = VietQR("970436", "0071", additional={"08": "Bán trú Đợt 1"})

    assert decode(encode(code)).additional == {"08": "Ban tru Dot 1"}


def test_fields_are_read_in_any_order():
    code = decode(
        "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA"
        "54057000153037045802VN6304ED54"
    )

    assert (code.init, code.amount) == (Init.STATIC, 70_001)


def test_a_misprint_with_a_right_checksum_is_still_refused():
    # The sample 6.1.1 of the NAPAS specification: 13 characters, told as 12.
    misprint = (
        "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA"
        "53037045802VN6304F4E5"
    )

    with pytest.raises(Unreadable) as caught:
        decode(misprint)

    assert caught.value.refusal is QRRefusal.STRUCTURE


def sealed(body: str) -> str:
    return f"{body}6304{checksum(f'{body}6304'.encode())}"


HEAD, BANK = "000201010211", "38570010A0000007270127000697040301130011012345678"
ACCOUNT = f"{BANK}0208QRIBFTTA"


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ("", QRRefusal.STRUCTURE),
        ("6304FFFF", QRRefusal.CHECKSUM),
        (encode(SCHOOL)[:-1] + "?", QRRefusal.CHECKSUM),
        (encode(SCHOOL)[:-9], QRRefusal.STRUCTURE),
        ("9" * 600, QRRefusal.STRUCTURE),
        (sealed(f"000202010211{ACCOUNT}53037045802VN"), QRRefusal.FORMAT),
        (sealed(f"000201010213{ACCOUNT}53037045802VN"), QRRefusal.FORMAT),
        (sealed(f"{HEAD}53037045802VN"), QRRefusal.NOT_NAPAS),
        (sealed(f"{HEAD}{BANK}0208QRIBFTTX53037045802VN"), QRRefusal.SERVICE),
        (sealed(f"{HEAD}{ACCOUNT}53038405802VN"), QRRefusal.CURRENCY),
        (sealed(f"{HEAD}{ACCOUNT}53037045802US"), QRRefusal.COUNTRY),
        (sealed(f"{HEAD}{ACCOUNT}530370454031.55802VN"), QRRefusal.AMOUNT),
        (sealed(f"{HEAD}{ACCOUNT}5303704540105802VN"), QRRefusal.AMOUNT),
        (sealed(f"{HEAD}{ACCOUNT}53037045303704"), QRRefusal.STRUCTURE),
    ],
)
def test_what_no_bank_would_take_is_refused_by_name(payload, refusal):
    with pytest.raises(Unreadable) as caught:
        decode(payload)

    assert caught.value.refusal is refusal


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (VietQR("97043", "0071"), QRRefusal.BANK),
        (VietQR("970436", "0" * 20), QRRefusal.ACCOUNT),
        (VietQR("970436", "00 71"), QRRefusal.ACCOUNT),
        (VietQR("970436", "0071", amount=0), QRRefusal.AMOUNT),
        (VietQR("970436", "0071", amount=10**13), QRRefusal.AMOUNT),
        (VietQR("970436", "0071", additional={"08": "x" * 26}), QRRefusal.TEXT),
        (VietQR("970436", "0071", additional={"8": "x"}), QRRefusal.STRUCTURE),
    ],
)
def test_what_cannot_be_paid_is_not_written(code, refusal):
    with pytest.raises(Unreadable) as caught:
        encode(code)

    assert caught.value.refusal is refusal


words = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=25
).filter(lambda text: text == text.strip())
bills = st.builds(
    VietQR,
    bin=st.from_regex(r"\A[0-9]{6}\Z"),
    account=st.from_regex(r"\A[A-Za-z0-9]{1,19}\Z"),
    service=st.sampled_from([str(service) for service in Service]),
    amount=st.none() | st.integers(1, 10**13 - 1),
    init=st.sampled_from(Init),
    additional=st.dictionaries(st.from_regex(r"\A[0-9]{2}\Z"), words, max_size=2),
)


@given(bills)
def test_what_is_written_is_read_back(code):
    assert decode(encode(code)) == code


@given(bills, st.data())
def test_one_wrong_character_is_found(code, data):
    payload = encode(code)
    at = data.draw(st.integers(0, len(payload) - 5))
    other = data.draw(st.sampled_from("0123456789ABCxyz").filter(payload[at].__ne__))

    with pytest.raises(Unreadable):
        decode(payload[:at] + other + payload[at + 1 :])


@given(st.text(max_size=120))
def test_any_text_is_either_a_code_or_refused(text):
    try:
        code = decode(sealed(text))
    except Unreadable:
        return
    assert code.bin.isdigit()


def test_the_command_writes_what_it_reads(app, tmp_path):
    runner, file = app.test_cli_runner(), tmp_path / "bill.json"
    payload = encode(SCHOOL)

    fields = runner.invoke(args=["fees", "qr", "decode", payload, "--json"])
    file.write_text(fields.output, "utf-8")
    written = runner.invoke(args=["fees", "qr", "encode", str(file)])

    assert json.loads(fields.output) == {
        "init": "dynamic",
        "currency": "704",
        "country": "VN",
        "amount": "350000",
        "guid": "A000000727",
        "bin": "970436",
        "account": "0071000123456",
        "service": "QRIBFTTA",
        "additional": {"08": "HP26A"},
    }
    assert written.output.strip() == payload


def test_the_command_names_its_refusal(app):
    answer = app.test_cli_runner().invoke(
        args=["fees", "qr", "decode", encode(SCHOOL)[:-1] + "?", "--json"]
    )

    assert answer.exit_code == 1
    assert json.loads(answer.output)["refused"] == "crc"


@pytest.mark.parametrize(
    "fields",
    ["[]", "{", "null", '{"bin": "970436", "account": "1", "amount": "1.5"}'],
)
def test_the_command_refuses_a_file_of_another_kind(app, tmp_path, fields):
    file = tmp_path / "bill.json"
    file.write_text(fields)

    answer = app.test_cli_runner().invoke(args=["fees", "qr", "encode", str(file)])

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
