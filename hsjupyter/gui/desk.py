"""The top and the foot of a dashboard: texts, data to choose or to upload, downloads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget

from hsjupyter.core.errors import FileFormatError
from hsjupyter.core.signal import BaseSignal
from hsjupyter.gui.checks import number, text
from hsjupyter.gui.host import FROM_BROWSER, bundle, wire
from hsjupyter.gui.plain import Refused, explain_plainly
from hsjupyter.gui.records import Answer, DeskRecord
from hsjupyter.storage.signals import load

SUFFIXES = (".hspy", ".msa", ".csv")
OF_IMAGES = (".hspy",)
"""The other kinds hold spectra."""

PART = 1 << 22
"""Bytes of the largest part of an upload."""

EMPTY = DeskRecord(title="", text=[], files=[], data="", limit=0, suffixes=[])


class Desk(anywidget.AnyWidget):
    """One of the two; what a visitor asks is checked, done and answered.

    Parameters
    ----------
    part : str
        "head" or "foot".
    desk : DeskRecord
    take : callable
        Called with a signal and the name of its file when data were chosen.
    make : callable
        Called with the kind of a download; gives the name of the file, its type and its bytes.
    folder : Path or None
        Where the files to choose from are.
    """

    _esm = bundle("desk.js")
    _css = bundle("widget.css")

    part = wire(str, "head")
    desk = wire(DeskRecord, EMPTY)

    def __init__(
        self,
        part: str,
        desk: DeskRecord,
        take: Callable[[BaseSignal, str], None],
        make: Callable[[str], tuple[str, str, bytes]],
        folder: Path | None,
    ) -> None:
        super().__init__(part=part, desk=desk)
        self._take, self._make, self._folder = take, make, folder
        self._upload: Upload | None = None
        self.on_msg(self._on_message)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a browser may write, and nothing else."""
        super().set_state({k: v for k, v in sync_data.items() if k in FROM_BROWSER})

    def _on_message(self, _widget: Any, content: Any, buffers: Any) -> None:
        fields = content if isinstance(content, dict) else {}
        name = fields.get("id", "")
        name = name if isinstance(name, str) else ""
        hidden = {} if self._upload is None else {str(self._upload.path): self._upload.name}
        try:
            said, made = self._carry_out(fields, buffers or [])
        except Exception as error:  # noqa: BLE001 - every request is answered, be it by an error
            answer = Answer(id=name, ok=False, error=explain_plainly(error, hidden), text="")
            self.send(answer)
            self._forget()
            return
        self.send(Answer(id=name, ok=True, error="", text=said), made)

    def _carry_out(self, fields: dict[str, Any], buffers: Any) -> tuple[str, list[bytes]]:
        kind = fields.get("kind")
        if kind == "choose":
            return self._choose(fields.get("file")), []
        if kind == "begin":
            return self._begin(fields.get("name"), fields.get("size")), []
        if kind == "part" and len(buffers) == 1:
            return self._open_upload().add(bytes(buffers[0])), []
        if kind == "end":
            return self._end(), []
        if kind == "download" and text(fields.get("what")):
            name, form, made = self._make(fields["what"])
            return f"{name}\n{form}", [made]
        raise Refused("this page does not know that request; reload it")

    # -- data of the server ------------------------------------------------------------------------

    def _choose(self, name: Any) -> str:
        if self._folder is None or name not in self.desk["files"]:
            raise Refused("that file is not among those to choose from; choose another")
        path = self._folder / str(name)
        return self._read(path, str(name))

    # -- data of the visitor -----------------------------------------------------------------------

    def _begin(self, name: Any, size: Any) -> str:
        self._forget()
        limit = self.desk["limit"]
        if not text(name) or not number(size) or size < 0:
            raise Refused("that file has no name or no size; choose another")
        known = self.desk["suffixes"]
        suffix = next((s for s in known if str(name).lower().endswith(s)), None)
        if suffix is None:
            raise Refused(
                f"{name} is of a kind that this page does not read; it reads {', '.join(known)}"
            )
        if size > limit:
            raise Refused(
                f"{name} has {size / 2**20:.1f} MB, and this page takes up to "
                f"{limit / 2**20:.0f} MB; choose a smaller file"
            )
        self._upload = Upload(str(name), suffix, int(size))
        return ""

    def _open_upload(self) -> Upload:
        if self._upload is None:
            raise Refused("no upload is under way; choose the file again")
        return self._upload

    def _end(self) -> str:
        upload = self._open_upload()
        upload.check()
        told = self._read(upload.path, upload.name)
        self._forget()
        return told

    def _read(self, path: Path, name: str) -> str:
        try:
            loaded = load(path)
        except FileFormatError as why:
            # What a script could still read of it is no advice for a visitor.
            raise why.__cause__ if isinstance(why.__cause__, FileFormatError) else why from None
        signals = loaded if isinstance(loaded, list) else [loaded]
        if not signals:
            raise Refused(f"{name} holds no data; choose another file")
        self._take(signals[0], name)
        return name if len(signals) == 1 else f"{name}: the first of its {len(signals)} data sets"

    def _forget(self) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.close()

    def close(self) -> None:
        """End it; a file that was being uploaded goes."""
        self._forget()
        layout = self.layout
        super().close()
        layout.close()


class Upload:
    """A file that arrives in parts, in a folder of its own that no other visitor knows.

    Parameters
    ----------
    name : str
        As the visitor calls it; never a path here.
    suffix : str
        One of `SUFFIXES`.
    size : int
        Bytes that were announced.
    """

    def __init__(self, name: str, suffix: str, size: int) -> None:
        self.name, self._size, self._got = name, size, 0
        self._folder = tempfile.TemporaryDirectory(prefix="hsjupyter-upload-")
        self.path = Path(self._folder.name) / f"data{suffix}"
        self._file = self.path.open("wb")

    def add(self, part: bytes) -> str:
        """Take the next part; how many bytes are there now.

        Raises
        ------
        Refused
            More came than was announced.
        """
        self._got += len(part)
        if self._got > self._size or len(part) > PART:
            raise Refused(f"{self.name}: more came than was announced; choose the file again")
        self._file.write(part)
        return str(self._got)

    def check(self) -> None:
        """All is there.

        Raises
        ------
        Refused
            It is not.
        """
        self._file.close()
        if self._got != self._size:
            raise Refused(
                f"{self.name}: {self._got} of {self._size} bytes came; choose the file again"
            )

    def close(self) -> None:
        """Take it off the disk."""
        self._file.close()
        self._folder.cleanup()
