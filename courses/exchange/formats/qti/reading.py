"""Reading one item of QTI 2.x or 3.0."""

from collections.abc import Callable
from typing import Any

from courses.exchange.formats import texts
from courses.exchange.formats.qti import choosing, pairing, writing_in
from courses.exchange.formats.qti.body import Body
from courses.exchange.formats.qti.item import Asked
from courses.exchange.formats.qti.processing import Processing
from courses.exchange.formats.qti.scores import Scores
from courses.exchange.pictures import Album, Lookup, nothing
from courses.exchange.rules import LONGEST_TITLE, Found, NotFound, NotTaken, Trouble
from courses.exchange.xml import Element, local

KINDS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "choiceInteraction": choosing.choice,
    "hottextInteraction": choosing.hot_text,
    "hotspotInteraction": choosing.hotspot,
    "orderInteraction": choosing.order,
    "sliderInteraction": choosing.slider,
    "uploadInteraction": choosing.file_upload,
    "extendedTextInteraction": choosing.essay,
    "selectPointInteraction": choosing.markers,
    "positionObjectInteraction": choosing.markers,
    "matchInteraction": pairing.match,
    "associateInteraction": pairing.associate,
    "gapMatchInteraction": pairing.gap_match,
    "graphicGapMatchInteraction": pairing.labels,
    "textEntryInteraction": writing_in.text_entry,
}
IN_A_PASSAGE = ("textEntryInteraction", "inlineChoiceInteraction", "choiceInteraction")


def item_of(root: Element, where: str, lookup: Lookup = nothing) -> Found | NotFound:
    """Read an ``assessmentItem`` in the spelling of version 2."""
    album = Album(lookup)
    title = " ".join(root.get("title", "").split())[:LONGEST_TITLE]
    try:
        spec, points = _spec(root, album)
    except NotTaken as problem:
        return NotFound(
            where=where,
            trouble=problem.trouble,
            detail=problem.detail,
            title=title,
            pictures=album.pictures,
        )
    return Found(
        where=where,
        spec=spec,
        title=title,
        external_id=root.get("identifier", "").strip()[:LONGEST_TITLE],
        points=points,
        pictures=album.pictures,
        notes=tuple(sorted(album.notes)),
    )


def _spec(root: Element, album: Album) -> tuple[dict[str, Any], str]:
    if root.get("adaptive", "false") == "true":
        raise NotTaken(Trouble.ADAPTIVE)
    rules = Processing(root)
    if rules.templates:
        raise NotTaken(Trouble.TEMPLATED)
    body = Body(root, album)
    if not body.interactions:
        return _description(body), ""
    scores = Scores(rules)
    spec = _asked(body, scores)
    points = f"{float(scores.most):g}" if 0 < scores.most <= 1000 else ""  # noqa: PLR2004
    return spec, points


def _description(body: Body) -> dict[str, Any]:
    stem = body.stem(lambda _element, _number: "")
    if not stem:
        raise NotTaken(Trouble.NO_STEM)
    return {"kind": "description", "stem": stem}


def _asked(body: Body, scores: Scores) -> dict[str, Any]:
    names = [local(element) for element in body.interactions]
    for name in names:
        if name not in KINDS and name != "inlineChoiceInteraction":
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, name)
    askeds = [Asked(body, element, scores) for element in body.interactions]
    if len(askeds) == 1 and names[0] in KINDS:
        return KINDS[names[0]](askeds[0])
    if all(name in IN_A_PASSAGE for name in names):
        return writing_in.cloze(askeds)
    kinds = ", ".join(dict.fromkeys(names))
    raise NotTaken(Trouble.SEVERAL_INTERACTIONS, texts.short(kinds))
