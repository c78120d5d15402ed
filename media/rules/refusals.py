"""Why a file is not taken, a caption not kept, or a report of watching not believed."""

from lms.kernel.errors import Refusal


class MediaRefusal(Refusal):
    EMPTY = "file-empty"
    TOO_LARGE = "file-too-large"
    BAD_NAME = "file-bad-name"
    TYPE_NOT_ALLOWED = "file-type-not-allowed"
    TYPE_MISMATCH = "file-type-mismatch"
    NOT_A_PICTURE = "picture-unreadable"
    PICTURE_TOO_LARGE = "picture-too-large"
    NO_CONVERTER = "video-no-converter"
    NOT_A_CAPTION = "caption-unreadable"
    BAD_LANGUAGE = "caption-bad-language"
    NOT_A_VIDEO = "caption-not-for-a-video"
    NOT_A_REPORT = "watch-report-unreadable"
    NOT_YOURS = "file-not-yours"
