"""The English catalogue is complete, and is what the pages speak from."""

import html
import re

import pytest
from babel.messages.mofile import read_mo

from tools import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
VIETNAMESE = re.compile(
    r"\w*[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*"
)
NAMES = {"Điền", "Tiếng", "Việt"}
"""Of places, and of the language that the switch offers."""


@pytest.fixture(scope="module")
def catalogue():
    return translations.read(translations.PO)


def test_every_sentence_is_in_the_catalogue_and_nothing_else(catalogue):
    said = {message.id for message in translations.template() if message.id}
    known = {message.id for message in catalogue if message.id}

    assert sorted(map(str, said - known)) == []
    assert sorted(map(str, known - said)) == []


def test_every_sentence_is_translated(catalogue):
    missing = [m.id for m in catalogue if m.id and (m.fuzzy or not m.string)]

    assert missing == []


def test_a_translation_keeps_the_places_where_values_go(catalogue):
    wrong = {
        message.id: message.string
        for message in catalogue
        if message.id and message.string and not agree(message.id, message.string)
    }

    assert wrong == {}


def agree(source, translation) -> bool:
    if isinstance(source, tuple):
        return all(agree(source[-1], one) for one in translation)
    return sorted(PLACEHOLDER.findall(source)) == sorted(
        PLACEHOLDER.findall(translation)
    )


def test_the_compiled_catalogue_says_the_same(catalogue):
    with translations.MO.open("rb") as file:
        compiled = {m.id: m.string for m in read_mo(file) if m.id}

    assert compiled == {m.id: m.string for m in catalogue if m.id and m.string}


@pytest.mark.parametrize("page", ["/", "/courses", "/sign-in", "/verify", "/khong-co"])
def test_a_page_in_english_holds_no_vietnamese(client, page):
    client.post("/language", data={"language": "en"})

    text = html.unescape(client.get(page).text)

    assert '<html lang="en">' in text
    assert set(VIETNAMESE.findall(text)) - NAMES == set()


def test_a_page_stays_vietnamese_until_asked(client):
    assert "Đăng nhập" in client.get("/sign-in", headers={"Accept-Language": "en"}).text
