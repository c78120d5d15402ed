"""Templates obey the policy that the browser enforces; vendored files are whole."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "lms" / "static"
VENDOR = STATIC / "vendor"
PACKAGES = ("lms", "courses", "sso", "media")
TEMPLATES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("templates/**/*.html")
)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "a script without src": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(
        r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE
    ),
    "a script address": re.compile(r"=\s*[\"']\s*javascript:", re.IGNORECASE),
    "a foreign address": re.compile(r"\s(?:src|action)=[\"'](?:https?:)?//"),
    "unchecked HTML": re.compile(r"\|\s*safe\b"),
}
OWN_DRAWINGS = [*STATIC.glob("*.svg"), *STATIC.glob("covers/*.svg")]
USED_ICON = re.compile(r"\bicon(?:_name)?(?:\(|=)\s*\"([a-z0-9-]+)\"")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_obeys_the_content_policy(path: Path) -> None:
    markup = COMMENT.sub("", path.read_text("utf-8"))

    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(markup)]

    assert not found, f"{name_of(path)} holds {', '.join(found)}"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>go()</script>",
        "<style>a {}</style>",
        '<p class="a" style="color: red">',
        '<a href="#" onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="//elsewhere.example/a.png">',
        "{{ text | safe }}",
    ],
)
def test_the_policy_notices_what_it_forbids(markup: str) -> None:
    assert any(pattern.search(markup) for pattern in FORBIDDEN.values())


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))

    missing = {
        (name_of(path), name)
        for path in TEMPLATES
        for name in USED_ICON.findall(path.read_text("utf-8"))
        if name not in drawn
    }

    assert not missing


@pytest.mark.parametrize("path", OWN_DRAWINGS, ids=name_of)
def test_a_drawing_carries_no_script_and_no_style(path: Path) -> None:
    assert not re.search(
        r"<script|<style|\son\w+=|href=\"http", path.read_text("utf-8")
    )


def test_vendored_files_are_the_ones_in_the_manifest() -> None:
    written: dict[str, str] = json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))
    kept = [*VENDOR.rglob("*"), *(STATIC / "fonts").rglob("*"), *STATIC.glob("icons.*")]

    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in kept
        if path.is_file() and path.name != "MANIFEST.json"
    }

    assert found == written


@pytest.mark.parametrize("twin", sorted(STATIC.rglob("*.gz")), ids=name_of)
def test_a_compressed_twin_says_the_same(twin: Path) -> None:
    assert gzip.decompress(twin.read_bytes()) == twin.with_suffix("").read_bytes()


def test_the_licences_of_vendored_files_travel_with_them() -> None:
    text = (VENDOR / "LICENSES.txt").read_text("utf-8")

    for name in ("@tabler/core", "be-vietnam-pro", "htmx.org", "katex", "@tiptap/core"):
        assert name in text
