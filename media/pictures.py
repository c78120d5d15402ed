"""Pictures, drawn anew: the only file that imports Pillow.

What comes out holds pixels and nothing else: no place where it was taken, no second
file hidden behind the first.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from lms.kernel.errors import Refused
from media.rules.refusals import MediaRefusal

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
MOST_PIXELS = 32_000_000
MOST_FRAME_PIXELS = 24_000_000
"""Of all frames of a moving picture together, for they are in memory together."""

LARGEST_SIDE = 1920
PLAIN_MODES = ("RGB", "RGBA", "L", "LA", "P")

# Pillow's own bound is wider than ours and only warns; ours is asked before a pixel is
# read.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    width: int
    height: int


def redrawn(file: IO[bytes], content_type: str) -> Picture:
    """Return the picture drawn anew in the same format, or raise Refused."""
    form = FORMATS[content_type]
    file.seek(0)
    try:
        with Image.open(file, formats=[form]) as image:
            return _redrawn(image, form)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Refused(MediaRefusal.NOT_A_PICTURE) from None


def _redrawn(image: Image.Image, form: str) -> Picture:
    pixels = image.width * image.height
    frames = getattr(image, "n_frames", 1)
    bound = MOST_PIXELS if frames == 1 else MOST_FRAME_PIXELS
    if pixels * frames > bound:
        raise Refused(MediaRefusal.PICTURE_TOO_LARGE)
    if frames > 1:
        return _redrawn_frames(image, form)
    # A JPEG can be read at half its size or less, which spares time and memory.
    image.draft(image.mode, (LARGEST_SIDE, LARGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    plain = upright if upright.mode in PLAIN_MODES else upright.convert("RGB")
    if max(plain.size) > LARGEST_SIDE:
        plain = plain.convert("RGBA") if plain.mode == "P" else plain
        plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return _saved([plain], form)


def _redrawn_frames(image: Image.Image, form: str) -> Picture:
    frames = [_screen_sized(frame) for frame in ImageSequence.Iterator(image)]
    return _saved(frames, form, duration=image.info.get("duration", 100))


def _screen_sized(frame: Image.Image) -> Image.Image:
    whole = frame.convert("RGBA")
    whole.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return whole


def _saved(frames: list[Image.Image], form: str, duration: int = 0) -> Picture:
    first, rest = frames[0], frames[1:]
    # A fresh image carries pixels and palette only; ``info`` holds what cameras add.
    first.info = {
        name: first.info[name] for name in ("transparency",) if name in first.info
    }
    out = BytesIO()
    moving = {"save_all": True, "append_images": rest, "duration": duration, "loop": 0}
    quality = {"quality": 85} if form in ("JPEG", "WEBP") else {}
    first.save(out, form, **quality, **(moving if rest else {}))
    return Picture(out.getvalue(), first.width, first.height)
