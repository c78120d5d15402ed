"""Writing Aiken: choices of one option, and nothing else."""

from collections.abc import Sequence
from string import ascii_uppercase

from courses.exchange.exported import Exported, Pictures, Written, no_pictures
from courses.exchange.markup import to_plain


def write(items: Sequence[Exported], _pictures: Pictures = no_pictures) -> Written:
    blocks, left_out = [], []
    for item in items:
        spec = item.spec
        fits = spec["kind"] in ("single_choice", "true_false") and "<img" not in str(
            spec
        )
        options = spec.get("options", [])
        if not fits or len(options) > len(ascii_uppercase):
            left_out.append(item.title or to_plain(spec.get("stem", ""))[:80])
            continue
        if spec["kind"] == "true_false":
            options = [{"id": True, "text": "Đúng"}, {"id": False, "text": "Sai"}]
        lines = [" ".join(to_plain(spec["stem"]).split())]
        key = ""
        for letter, option in zip(ascii_uppercase, options, strict=False):
            lines.append(f"{letter}. {' '.join(to_plain(option['text']).split())}")
            if option["id"] == spec["correct"]:
                key = letter
        blocks.append("\n".join([*lines, f"ANSWER: {key}"]))
    text = "\n\n".join(blocks) + "\n"
    return Written(text.encode(), "cau-hoi.txt", "text/plain", tuple(left_out))
