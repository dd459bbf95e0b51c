"""Pictures written anew: upright, in their first frame, and without anything but their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from wenjiuye.platform.evidence.archives import damaged
from wenjiuye.platform.evidence.errors import RefusedFile
from wenjiuye.platform.evidence.limits import MAX_PIXELS

_KEPT_MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")}
_QUALITY = 92


@dataclass(frozen=True)
class Picture:
    """A picture that was written anew. width, height: pixels, as it is looked at."""

    data: bytes
    width: int
    height: int


def resaved(data: bytes, form: Literal["JPEG", "PNG"], name: str) -> Picture:
    """Write a picture anew. RefusedFile: damaged, moving, or of too many pixels."""
    try:
        with Image.open(BytesIO(data), formats=[form]) as image:
            _check(image, form, name)
            upright = ImageOps.exif_transpose(image)
            return _written(upright, form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except RefusedFile:
        raise
    except Exception as problem:
        # Whatever a decoder says of hostile bytes (OSError, SyntaxError, struct.error …), the file is of no use.
        raise damaged(name) from problem


def _check(image: Image.Image, form: str, name: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels(name)
    if form == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise RefusedFile(_("“%(name)s”是动图，只会看到第一帧。请上传普通图片。") % {"name": name})


def _written(image: Image.Image, form: str) -> Picture:
    image.load()
    transparency = image.info.get("transparency")
    image.info = {}
    if image.mode not in _KEPT_MODES[form]:
        image = image.convert("RGB")
    elif transparency is not None and form == "PNG":
        image.info = {"transparency": transparency}
    out = BytesIO()
    image.save(out, form, **({"quality": _QUALITY} if form == "JPEG" else {}))
    return Picture(out.getvalue(), image.width, image.height)


def _too_many_pixels(name: str) -> RefusedFile:
    return RefusedFile(
        _("“%(name)s”的像素过多，最多 %(most)s 万像素。请降低扫描分辨率（300 dpi 即可）再上传。")
        % {"name": name, "most": MAX_PIXELS // 10_000}
    )
