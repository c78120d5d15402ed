"""The player and the upload field, as pages show them."""

import json

import html5lib
import pytest
from flask import render_template_string
from wtforms import Form, IntegerField

from media.models import AssetState
from media.rules.files import AssetKind
from media.services import playback
from tests.conftest import NINE
from tests.factories import people
from tests.media import samples

PLAYER = (
    '{% from "media/player.html" import player %}{{ player(p, ping_url="/watched") }}'
)
UPLOAD = (
    '{% from "media/upload.html" import upload %}'
    "{{ upload(form.asset_id, asset, kind=kind) }}"
)


class LessonForm(Form):
    asset_id = IntegerField("Tệp của bài")


def film(**given):
    ready = {"state": AssetState.READY, "stream_path": "hls-1/master.m3u8"}
    owner, kind = people.account(), AssetKind.VIDEO
    return samples.asset(owner, samples.clip(), "Bài 1.mp4", kind=kind, **ready | given)


def shown(app, template, **given):
    with app.test_request_context("/"):
        page = render_template_string(template, **given)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for element in tree.iter():
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        assert element.tag != "script" or (element.get("src") and not element.text)
    return tree


def test_the_player_offers_the_stream_and_then_the_upload(app):
    asset = film(poster_path="hls-1/poster.jpg")

    tree = shown(app, PLAYER, p=playback(asset, asset.owner_id, NINE))

    types = [source.get("type") for source in tree.iter("source")]
    assert types == ["application/vnd.apple.mpegurl", "video/mp4"]
    video = tree.find(".//video")
    assert "controls" in video.attrib
    assert video.get("poster").endswith("/hls-1/poster.jpg")
    words = json.loads(tree.find(".//*[@data-player]").get("data-words"))
    assert words["watched"] == "Đã ghi nhận xem {percent} %."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AssetState.PROCESSING, "đang được chuyển mã"),
        (AssetState.FAILED, "chưa dùng được"),
    ],
)
def test_a_video_that_cannot_be_played_yet_says_so(app, state, said):
    asset = film(state=state)

    tree = shown(app, PLAYER, p=playback(asset, asset.owner_id, NINE))

    assert said in "".join(tree.itertext())
    assert tree.find(".//video") is None


@pytest.mark.parametrize("kind", ["video", "audio", "file"])
def test_the_upload_field_holds_the_number_and_names_the_file(app, kind):
    asset = film(display_name='"><script>x</script>.mp4')
    form = LessonForm(data={"asset_id": asset.id})

    tree = shown(app, UPLOAD, form=form, asset=asset, kind=kind)

    assert tree.find(".//input[@type='hidden']").get("value") == str(asset.id)
    assert asset.display_name in "".join(tree.itertext())
    assert (tree.find(".//fieldset") is not None) is (kind == "video")


def test_an_error_of_the_field_stands_beside_it(app):
    form = LessonForm(data={"asset_id": None})
    form.asset_id.errors = ["Hãy tải tệp lên."]

    tree = shown(app, UPLOAD, form=form, asset=None, kind="file")

    assert "Hãy tải tệp lên." in "".join(
        tree.find(".//*[@id='asset_id-error']").itertext()
    )
