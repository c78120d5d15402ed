"""Which sizes a video is offered in, and the playlist that lists them."""

from collections.abc import Iterable
from dataclasses import dataclass

RUNGS = (360, 720)
"""The shorter side in pixels: for a weak line, and for a projector."""

KILOBITS = {360: 700, 720: 2200}
AUDIO_KILOBITS = 96
SEGMENT_SECONDS = 4
LARGEST_SIDE = 8192
LONGEST_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int

    @property
    def shorter(self) -> int:
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition to be made."""

    size: Size
    kilobits: int

    @property
    def name(self) -> str:
        return f"{self.size.shorter}p"


def ladder(source: Size) -> list[Rung]:
    """Return the renditions of a video, smallest first; nothing is made larger."""
    wanted = sorted({min(rung, _even(source.shorter)) for rung in RUNGS})
    return [Rung(_scaled(source, shorter), _kilobits(shorter)) for shorter in wanted]


def _scaled(source: Size, shorter: int) -> Size:
    longer = _even(max(source.width, source.height) * shorter / source.shorter)
    upright = source.height > source.width
    return Size(shorter, longer) if upright else Size(longer, shorter)


def _even(pixels: float) -> int:
    """H.264 in 4:2:0 takes even sizes only."""
    return max(2, int(pixels) // 2 * 2)


def _kilobits(shorter: int) -> int:
    return next((KILOBITS[rung] for rung in RUNGS if shorter <= rung), KILOBITS[720])


def master_playlist(rungs: Iterable[Rung]) -> str:
    """Return the HLS master playlist (RFC 8216) for renditions that lie beside it."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rung in rungs:
        bandwidth = (rung.kilobits * 11 // 10 + AUDIO_KILOBITS) * 1000
        size = f"{rung.size.width}x{rung.size.height}"
        lines.append(f"#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},RESOLUTION={size}")
        lines.append(f"{rung.name}/index.m3u8")
    return "\n".join(lines) + "\n"
