"""The introductory film, made here: slides drawn by typst, strung together by ffmpeg.

Nothing is downloaded and nothing is recorded; the sound track is silence, which some
players want to find.  The captions beside the film are written by hand.
"""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import lms
from courses.demo.fields import Fields, load
from media import video

SLIDE_SECONDS = 9
FRAMES_A_SECOND = 5
LONGEST_ENCODING_SECONDS = 120
DRAWING = Path(__file__).with_name("slides.typ")
FONTS = Path(lms.__file__).with_name("static") / "fonts" / "pdf"
SLIDE_KINDS = ("opening", "points", "figures")
PIXELS_PER_INCH = 72
"""A typographic point becomes one pixel."""


@dataclass(frozen=True, slots=True)
class Slide:
    kind: str
    eyebrow: str
    title: str
    lines: tuple[str, ...]
    """Of figures: the figure and its words, with a bar between them."""
    source: str


def read_slides(path: Path) -> tuple[Slide, ...]:
    fields = load(path)
    slides = tuple(_slide(one) for one in fields.tables("slides"))
    fields.done()
    return slides


def _slide(fields: Fields) -> Slide:
    slide = Slide(
        kind=fields.choice("kind", SLIDE_KINDS),
        eyebrow=fields.text("eyebrow", 60),
        title=fields.text("title", 80),
        lines=fields.texts("lines"),
        source=fields.text("source", 80, ""),
    )
    if slide.kind == "figures" and any(said.count("|") != 1 for said in slide.lines):
        raise fields.error("lines", "are pairs such as '28|mô hình'")
    fields.done()
    return slide


def drawn(slides: tuple[Slide, ...]) -> list[bytes]:
    """Return each slide as a PNG of 1280 × 720."""
    import typst

    pages = typst.compile(
        DRAWING,
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"slides": json.dumps([asdict(slide) for slide in slides])},
    )
    return [pages] if isinstance(pages, bytes) else [page for page in pages if page]


def make(slides: tuple[Slide, ...], folder: Path) -> Path | None:
    """Write the film into *folder*; None where there is no ffmpeg to make it."""
    program = video.program()
    if program is None:
        return None
    for number, page in enumerate(drawn(slides), 1):
        (folder / f"slide-{number:02d}.png").write_bytes(page)
    film = folder / "film.mp4"
    subprocess.run(  # noqa: S603 -- no shell, and every word of it is ours
        [program, *_words(folder, len(slides) * SLIDE_SECONDS), str(film)],
        check=True,
        capture_output=True,
        timeout=LONGEST_ENCODING_SECONDS,
    )
    return film


def _words(folder: Path, seconds: int) -> list[str]:
    pictures = [
        "-framerate",
        f"1/{SLIDE_SECONDS}",
        "-i",
        str(folder / "slide-%02d.png"),
    ]
    silence = ["-f", "lavfi", "-i", "anullsrc=channel_layout=mono:sample_rate=44100"]
    picture = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage"]
    frames = ["-crf", "23", "-pix_fmt", "yuv420p", "-r", str(FRAMES_A_SECOND)]
    sound = ["-c:a", "aac", "-b:a", "32k"]
    ending = ["-t", str(seconds), "-movflags", "+faststart"]
    quietly = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"]
    return [*quietly, *pictures, *silence, *picture, *frames, *sound, *ending]
