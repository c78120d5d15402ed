"""QTI 1.2, as Canvas and Common Cartridge still carry it.

What a response is worth is read from the conditions that name it: ``setvar`` adds or
sets points.  Conditions within conditions beyond ``and``, ``or`` and ``not`` are not
interpreted; what they mean is then noted or refused.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from typing import Any

from courses.exchange.formats import specs, texts
from courses.exchange.formats.specs import Amount, Answer
from courses.exchange.markup import from_plain, to_plain, with_formulas
from courses.exchange.pictures import Album, Lookup
from courses.exchange.rules import LONGEST_TITLE, Found, NotFound, NotTaken, Trouble
from courses.exchange.xml import Element, child, local, text_of

TAG = re.compile(r"<\w+[^>]*>|&\w+;")


def items_in(root: Element, where: str, lookup: Lookup) -> list[Found | NotFound]:
    for element in root.iter():
        element.tag = local(element) or element.tag
    found = list(root.iter("item"))
    return [
        _item(one, f"{where}#{number}" if len(found) > 1 else where, lookup)
        for number, one in enumerate(found, 1)
    ]


def _item(element: Element, where: str, lookup: Lookup) -> Found | NotFound:
    album = Album(lambda name: lookup(unescape(name)))
    title = " ".join(element.get("title", "").split())[:LONGEST_TITLE]
    try:
        spec = _Item(element, album).spec()
    except NotTaken as problem:
        return NotFound(
            where=where,
            trouble=problem.trouble,
            detail=problem.detail,
            title=title or texts.short(text_of(element.find(".//mattext"))),
            pictures=album.pictures,
        )
    return Found(
        where=where,
        spec=spec,
        title=title,
        external_id=element.get("ident", "")[:LONGEST_TITLE],
        pictures=album.pictures,
        notes=tuple(sorted(album.notes)),
    )


class _Item:
    """One item: its texts, its responses, and what they are worth."""

    def __init__(self, element: Element, album: Album) -> None:
        self.element, self.album = element, album
        self.presentation = element.find(".//presentation")
        if self.presentation is None:
            raise NotTaken(Trouble.NO_STEM)
        self.lists = list(self.presentation.iter("response_lid", "response_grp"))
        self.texts = list(self.presentation.iter("response_str", "response_num"))
        self.worth = _worths(element)

    def spec(self) -> dict[str, Any]:
        if any(
            True for _one in self.presentation.iter("response_xy", "render_hotspot")
        ):
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, "response_xy")
        kind = self._kind()
        if "order" in kind or self._is_ordered():
            return self._ordering()
        if "calculated" in kind or "numerical" in kind:
            return self._numerical()
        if len(self.lists) > 1:
            return self._several()
        if self.lists:
            return self._choice(self.lists[0])
        return self._written(kind)

    def _kind(self) -> str:
        for field in self.element.iter("qtimetadatafield"):
            if text_of(child(field, "fieldlabel")).strip() == "question_type":
                return text_of(child(field, "fieldentry")).strip()
        return ""

    def _is_ordered(self) -> bool:
        return any(one.get("rcardinality", "") == "Ordered" for one in self.lists)

    def _stem(self) -> str:
        """Return what stands before the responses and between them."""
        pieces = [self._rich(one) for one in self._materials()]
        stem = "".join(
            f"<p>{one}</p>" if "<p" not in one else one for one in pieces if one
        )
        if not stem:
            raise NotTaken(Trouble.NO_STEM)
        return stem

    def _materials(self) -> Iterator[Element]:
        inside = ("response_lid", "response_str", "response_grp", "response_num")
        for one in self.presentation.iter("mattext"):
            if not any(local(above) in inside for above in one.iterancestors()):
                yield one

    def _rich(self, text: Element | None) -> str:
        if text is None:
            return ""
        inner = text_of(text).strip()
        is_html = text.get("texttype", "") == "text/html" or bool(TAG.search(inner))
        html = inner if is_html else from_plain(inner)
        html = re.sub(r"\$IMS[-_]CC[-_]FILE_?BASE\$/?", "", html)
        return self.album.rich(with_formulas(html))

    def _options(self, listed: Element) -> dict[str, str]:
        return {
            one.get("ident", ""): self._rich(next(one.iter("mattext"), None))
            for one in listed.iter("response_label")
        }

    def _choice(self, listed: Element) -> dict[str, Any]:
        options = self._options(listed)
        given = self.worth.get(listed.get("ident", ""), {})
        most = max([*given.values(), Fraction(0)])
        single = listed.get("rcardinality", "Single") != "Multiple"
        if not most:
            raise NotTaken(Trouble.NO_KEY)
        frame = self._frame()
        if not single:
            return self._multiple(options, given, frame)
        answers = [
            Answer(
                text, specs.nicest(max(given.get(key, Fraction(0)), Fraction(0)) / most)
            )
            for key, text in options.items()
        ]
        return specs.choice(self._stem(), answers, single=True, **frame)

    def _multiple(
        self, options: dict[str, str], given: dict[str, Fraction], frame: dict[str, Any]
    ) -> dict[str, Any]:
        total = sum((one for one in given.values() if one > 0), Fraction(0))
        right = [key for key, one in given.items() if one > 0 and key in options]
        each = {one for one in given.values() if one > 0}
        whole = self._is_whole or len(each) == 1 == len(self.conditions_with_points)
        if whole:
            share = Fraction(1, max(len(right), 1))
            shares = {key: share * (key in right) for key in options}
        else:
            shares = {key: given.get(key, Fraction(0)) / total for key in options}
        answers = [
            Answer(text, specs.nicest(shares[key])) for key, text in options.items()
        ]
        spec = specs.choice(self._stem(), answers, single=False, **frame)
        return spec | {"scoring": "whole"} if whole else spec

    @property
    def _is_whole(self) -> bool:
        return "AllOrNothing" in text_of(self.element)

    @property
    def conditions_with_points(self) -> list[Element]:
        return [
            one
            for one in self.element.iter("respcondition")
            if any(_points(var) > 0 for var in one.iter("setvar"))
        ]

    def _several(self) -> dict[str, Any]:
        """Several lists: rows that are matched, or menus in a passage."""
        rows = []
        for number, listed in enumerate(self.lists, 1):
            text = self._rich(next(iter(_own_texts(listed)), None))
            given = self.worth.get(listed.get("ident", ""), {})
            right = [key for key, one in given.items() if one > 0]
            rows.append((f"r{number}", text, self._options(listed), right))
        if not any(right for _id, _text, _options, right in rows):
            raise NotTaken(Trouble.NO_KEY)
        texts_: dict[str, str] = {}
        for _id, _text, options, _right in rows:
            texts_.update(options)
        names = dict(zip(dict.fromkeys(texts_.values()), specs.ids(), strict=False))
        return {
            "kind": "matching",
            "stem": self._stem(),
            "rows": [
                {
                    "id": key,
                    "text": text,
                    "correct": list(
                        dict.fromkeys(
                            names[options[one]] for one in right if one in options
                        )
                    ),
                }
                for key, text, options, right in rows
            ],
            "options": [{"id": name, "text": text} for text, name in names.items()],
            **self._frame(),
        }

    def _ordering(self) -> dict[str, Any]:
        if not self.lists:
            raise NotTaken(Trouble.NO_OPTIONS)
        options = self._options(self.lists[0])
        order = [
            text_of(one).strip()
            for condition in self.conditions_with_points[:1]
            for one in condition.iter("varequal")
        ]
        if sorted(order) != sorted(options):
            raise NotTaken(Trouble.NO_KEY)
        return {
            "kind": "ordering",
            "stem": self._stem(),
            "options": [
                {"id": name, "text": options[key]}
                for name, key in zip(specs.ids(), order, strict=False)
            ],
            "scoring": "whole",
            **self._frame(),
        }

    def _numerical(self) -> dict[str, Any]:
        amounts = []
        for condition in self.conditions_with_points:
            equal = [text_of(one) for one in condition.iter("varequal")]
            low = [text_of(one) for one in condition.iter("vargte", "vargt")]
            high = [text_of(one) for one in condition.iter("varlte", "varlt")]
            if low and high:
                ends = Fraction(specs.number(low[0])), Fraction(specs.number(high[0]))
                middle = equal[0] if equal else str(float(sum(ends) / 2))
                width = str(float(abs(ends[1] - ends[0]) / 2))
                amounts.append(Amount(middle, width))
            elif equal:
                amounts.append(Amount(equal[0]))
        return specs.numerical(self._stem(), amounts, **self._frame())

    def _written(self, kind: str) -> dict[str, Any]:
        if "upload" in kind or not self.texts:
            is_text = "text_only" in kind or not any(
                True for _one in self.element.iter("respcondition")
            )
            name = "file_upload" if "upload" in kind else "description"
            if name == "description" and not is_text:
                raise NotTaken(Trouble.NO_OPTIONS)
            return {"kind": name, "stem": self._stem(), **self._frame()}
        fields = [one.find(".//render_fib") for one in self.texts]
        decimal = any(
            one is not None and one.get("fibtype", "") in ("Decimal", "Integer")
            for one in fields
        )
        given = self.worth.get(self.texts[0].get("ident", ""), {})
        if not any(share > 0 for share in given.values()):
            return {"kind": "essay", "stem": self._stem(), **self._frame()}
        if decimal:
            return self._numerical()
        if len(self.texts) > 1:
            return self._blanks()
        most = max(given.values())
        answers = [
            Answer(
                to_plain(from_plain(key)), specs.nicest(max(one, Fraction(0)) / most)
            )
            for key, one in given.items()
        ]
        return specs.short_answer(self._stem(), answers, **self._frame())

    def _blanks(self) -> dict[str, Any]:
        passage: list[str] = []
        parts: list[dict[str, Any]] = []
        for one in self.presentation.iter("mattext", "response_str"):
            if local(one) == "mattext":
                passage.append(self._rich(one))
                continue
            given = self.worth.get(one.get("ident", ""), {})
            right = [
                Answer(key, Fraction(1)) for key, gives in given.items() if gives > 0
            ]
            if not right:
                raise NotTaken(Trouble.NO_KEY)
            parts.append(
                {"id": f"p{len(parts) + 1}", "asks": "text", **specs.wordings(right)}
            )
            passage.append(f"[[p{len(parts)}]]")
        whole = " ".join(passage)
        return {
            "kind": "cloze",
            "stem": "",
            "passage": whole,
            "parts": parts,
            **self._frame(),
        }

    def _frame(self) -> dict[str, Any]:
        said = {
            one.get("ident", ""): self._rich(next(one.iter("mattext"), None))
            for one in self.element.iter("itemfeedback")
        }
        return specs.frame(
            explanation=said.get("general_fb", ""),
            right=said.get("correct_fb", ""),
            wrong=said.get("general_incorrect_fb", ""),
        )


def _own_texts(listed: Element) -> Iterator[Element]:
    """Go through the texts of a list that belong to none of its options."""
    for one in listed.iter("mattext"):
        if not any(local(above) == "response_label" for above in one.iterancestors()):
            yield one


def _points(var: Element) -> Fraction:
    try:
        return specs.exactly(text_of(var) or "0")
    except NotTaken:
        return Fraction(0)


def _worths(element: Element) -> dict[str, dict[str, Fraction]]:
    """Return what each response is worth, by the list or the line it answers."""
    found: dict[str, dict[str, Fraction]] = {}
    for condition in element.iter("respcondition"):
        points = sum((_points(var) for var in condition.iter("setvar")), Fraction(0))
        for one in condition.iter("varequal", "varsubset"):
            if any(local(above) == "not" for above in one.iterancestors()):
                continue
            given = found.setdefault(one.get("respident", ""), {})
            key = text_of(one).strip()
            given[key] = (
                max(given.get(key, points), points)
                if points > 0
                else given.get(key, points)
            )
    return found
