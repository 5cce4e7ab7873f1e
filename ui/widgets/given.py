"""What the clipboard or a drop brings: files, or a picture."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


def has_any(data: QMimeData | None) -> bool:
    """Whether there are files or a picture, and no mere words."""
    return data is not None and (data.hasImage() or any(url.isLocalFile() for url in data.urls()))


def files_or_picture(data: QMimeData | None) -> list[Path] | QImage:
    """The files; without any, the picture; an empty list where there is neither."""
    if data is None:  # an empty clipboard
        return []
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return QImage(data.imageData()) if not files and data.hasImage() else files
