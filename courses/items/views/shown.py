"""What the templates of items ask for: passages with gaps, plain words, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Blueprint, current_app
from markupsafe import Markup

from courses.items.lines import phrase
from courses.items.passages import pieces_of
from lms.kernel import clock, richtext
from media import services as media


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """Clean markup up to a gap, and the gap's name; the last piece has none."""

    html: Markup
    gap: str | None


def gapped(passage: str) -> list[ShownPiece]:
    # The whole was cleaned before it was cut: the pieces alone are no whole HTML.
    pieces = pieces_of(richtext.clean(passage))
    return [ShownPiece(Markup(one.html), one.gap) for one in pieces]  # noqa: S704


def shown_phrase(html: str) -> Markup:
    """Return rich text without its paragraphs, to stand inside a line."""
    return Markup(phrase(richtext.clean(html)))  # noqa: S704 -- cleaned in this line


def words(html: str) -> str:
    """Return the plain words of rich text, for menus and names."""
    return unescape(richtext.plain(html))


def is_pictured(html: str) -> bool:
    """Say whether words alone would lose something: a picture or a formula."""
    return "<img" in html or "data-latex" in html


@dataclass(frozen=True, slots=True)
class HandedIn:
    id: int
    name: str
    url: str


def uploads_in(place: Any, item: Any) -> list[HandedIn]:
    """Return the files of a response; those of other people are never shown."""
    ids: Sequence[int] = item.files(place.value)
    attempt = getattr(place, "attempt", None)
    if not ids or attempt is None:
        return []
    now = clock.now()
    return [
        HandedIn(one.id, one.display_name, media.signed_url(one, now))
        for one in media.assets_with(ids, attempt.learner_id)
    ]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a version of an item is asked."""

    name: str
    url: str
    version: int
    """The number of the version that is pinned there."""


def uses_of(item_id: int) -> list[Use]:
    """Ask all who pin versions, as the roof lists them, where this item is used."""
    sources = current_app.extensions.get("item_uses", ())
    return [Use(*use) for source in sources for use in source(item_id)]


def offer_to_templates(bp: Blueprint) -> None:
    bp.add_app_template_filter(gapped)
    bp.add_app_template_filter(shown_phrase, "phrase")
    bp.add_app_template_filter(words)
    bp.add_app_template_test(is_pictured, "pictured")
    bp.add_app_template_global(uploads_in)
