"""One interaction as it is asked: its texts, its key, and what responses are worth."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import cos, pi, sin
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.qti.body import Body, tidied
from courses.exchange.formats.qti.declarations import Declaration, Numbers, coords_of
from courses.exchange.formats.qti.processing import kept
from courses.exchange.formats.qti.scores import Scores
from courses.exchange.formats.qti.values import Value
from courses.exchange.markup import to_plain
from courses.exchange.pictures import ending_of, size_of
from courses.exchange.rules import Note, NotTaken, Trouble
from courses.exchange.xml import Element, children, local, text_of
from courses.items.types.reading import NAME

CORNERS_OF_AN_ELLIPSE = 24
BLANK = "_____"


class Asked:
    """One interaction of an item, with the whole item around it."""

    def __init__(self, body: Body, element: Element, scores: Scores) -> None:
        self.body = body
        self.element = element
        self.scores = scores
        name = element.get("responseIdentifier", "").strip()
        declaration = scores.rules.responses.get(name)
        if declaration is None:
            raise NotTaken(Trouble.NO_KEY, name)
        self.declaration: Declaration = declaration
        self.extra: dict[str, Any] = {}
        self.is_scored_alike = True

    def given(self, texts: Sequence[str]) -> dict[str, Value]:
        return {self.declaration.identifier: self.declaration.value(list(texts))}

    def share(self, texts: Sequence[str]) -> Fraction:
        return self.scores.share(self.given(texts))

    def note_scoring(self, same: bool) -> None:
        if not same:
            self.body.album.notes.add(Note.SCORING_DIFFERS)

    def stem(self) -> str:
        """Return the body with the prompt where the interaction stands."""
        stem = self.body.stem(lambda element, _number: self.body.prompt(element))
        if not stem:
            title = specs.escaped(self.body.item.get("title", "").strip())
            stem = f"<p>{title}</p>" if title else ""
        if not stem:
            raise NotTaken(Trouble.NO_STEM)
        return stem

    def passage(self, names: Mapping[str, str]) -> str:
        """Return what stands inside the interaction, its places renamed."""
        html = self.body.rich(self.element)
        for key, name in names.items():
            html = html.replace(f"[[{key}]]", f"\ue003{name}\ue004")
        return tidied(html.replace("\ue003", "[[").replace("\ue004", "]]"))

    def said(self, given: Mapping[str, Sequence[str]]) -> str:
        """Return the feedback to a response of this interaction alone."""
        texts = next(iter(given.values()))
        return self.body.said(self.scores.rules.outcomes(self.given(texts)))

    def frame(self) -> dict[str, Any]:
        """Return what is said to a right and to a wrong response."""
        if not self.body.has_feedback:
            return {}
        rules = self.scores.rules
        right = self.body.said(rules.outcomes(self.scores.correct))
        wrong = self.body.said(rules.outcomes({}))
        if right == wrong:
            return specs.said(explanation=right)
        by_option = local(self.element) == "choiceInteraction"
        if by_option and self.declaration.cardinality == "single":
            return {}
        return specs.frame(right=right, wrong=wrong)

    def correct_keys(self, known: Mapping[str, str]) -> list[str]:
        """Return the right picks; where only a mapping tells, those that give most."""
        found = [
            str(one) for one in self.declaration.correct.items if str(one) in known
        ]
        if not found and self.declaration.mapping is not None:
            entries = self.declaration.mapping.entries
            found = [str(one.key) for one in entries if one.gives > 0]
            found = [one for one in found if one in known]
        if not found:
            found = self._rewarded(known)
        if not found:
            raise NotTaken(Trouble.NO_KEY)
        self.scores.expect(self.given(found))
        return found

    def _rewarded(self, known: Mapping[str, str]) -> list[str]:
        """Look for the key in what the rules compare with."""
        listed = [
            [text_of(one).strip() for one in element if local(one) == "baseValue"]
            for element in kept(self.scores.rules)
            if local(element) in ("multiple", "match", "member", "ordered")
        ]
        tried = [keys for keys in listed if keys and set(keys) <= set(known)]
        for keys in tried[:20]:
            self.scores.expect(self.given(keys))
        return next((keys for keys in tried[:20] if self.share(keys) == 1), [])

    def stage(self, element: Element) -> Element:
        """Return what holds the picture: the stage around a moved object, or itself."""
        parent = element.getparent()
        if parent is not None and local(parent) == "positionObjectStage":
            return parent
        return element

    def picture(self, holder: Element) -> dict[str, Any]:
        """Return the picture that an interaction is about."""
        found = [*children(holder, "object", "img", "picture")]
        found += [one for part in children(holder, "picture") for one in part]
        if not found:
            raise NotTaken(Trouble.FILE_MISSING)
        element = found[0]
        source = element.get("data") or element.get("src") or ""
        content = self.body.album.content_of(source)
        if content is None:
            raise NotTaken(Trouble.FILE_MISSING, source)
        size = size_of(content)
        if ending_of(content) is None or size is None:
            raise NotTaken(Trouble.FILE_NOT_ALLOWED, source)
        kept = self.body.album.added(content, source)
        alt = " ".join("".join(element.itertext()).split()) or element.get("alt", "")
        width, height = (
            whole_number(element.get(side), at)
            for side, at in zip(("width", "height"), size, strict=True)
        )
        return {
            "src": kept or "",
            "width": width or size[0],
            "height": height or size[1],
            "alt": (alt or to_plain(self.body.prompt(self.element)))[:200],
        }

    def shape(self, element: Element, picture: Mapping[str, Any]) -> dict[str, Any]:
        shape = element.get("shape", "default")
        return self.area(shape, coords_of(element.get("coords", "")), picture)

    def area(
        self, shape: str, coords: Numbers, picture: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Turn a shape of HTML's kind into one of ours."""
        pixels = [round(one) for one in coords]
        if shape == "default":
            whole = [0, 0, picture["width"], picture["height"]]
            return {"shape": "rectangle", "coords": whole}
        if shape == "rect" and len(pixels) == 4:  # noqa: PLR2004
            left, top, right, bottom = pixels
            ends = [
                min(left, right),
                min(top, bottom),
                max(left, right),
                max(top, bottom),
            ]
            return {"shape": "rectangle", "coords": ends}
        if shape == "ellipse" and len(pixels) == 4:  # noqa: PLR2004
            return {"shape": "polygon", "coords": _ellipse(pixels)}
        names = {"circle": "circle", "poly": "polygon"}
        if shape not in names:
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, shape)
        # A polygon may be closed by its first corner once more.
        closed = shape == "poly" and len(pixels) > 6 and pixels[:2] == pixels[-2:]  # noqa: PLR2004
        return {"shape": names[shape], "coords": pixels[:-2] if closed else pixels}


def _ellipse(pixels: Sequence[int]) -> list[int]:
    x, y, across, down = pixels
    turns = [2 * pi * n / CORNERS_OF_AN_ELLIPSE for n in range(CORNERS_OF_AN_ELLIPSE)]
    return [
        round(part)
        for turn in turns
        for part in (x + across * cos(turn), y + down * sin(turn))
    ]


def keyed(elements: Iterable[Element]) -> dict[str, tuple[str, Element]]:
    """Name the options: by their own identifiers where those are names for us."""
    found: dict[str, tuple[str, Element]] = {}
    spare = (f"x{name}" for name in specs.ids())
    for element in elements:
        key = element.get("identifier", "").strip()
        name = key if NAME.fullmatch(key) else next(spare)
        if key in found:
            raise NotTaken(Trouble.NOT_WELL_FORMED, key)
        found[key] = (name, element)
    return found


def limit(element: Element, name: str, default: int) -> int:
    return max(whole_number(element.get(name), default), 0)


def whole_number(text: str | None, default: int) -> int:
    found = re.fullmatch(r"\s*(\d{1,6})(?:\.0+)?\s*", text or "")
    return int(found[1]) if found else default
