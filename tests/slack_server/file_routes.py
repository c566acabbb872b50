"""``files.*``: a file is announced, sent to an address, and put into a channel.

Follows docs.slack.dev/messaging/working-with-files ("Uploading files") and the pages of both methods.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from aiohttp import web

from tests.slack_server.errors import ApiError
from tests.slack_server.model import Payload
from tests.slack_server.web_api import Call, WebApi

__all__ = ["FileRoutes", "Upload"]


@dataclass
class Upload:
    """A file.

    Attributes:
        length: as it was announced, in bytes.
        channel: where it was put, by id; empty until then.
        thread: the message that it was put under.
    """

    id: str
    name: str
    length: int
    content: bytes = b""
    channel: str = ""
    thread: str = ""
    alt_text: str = ""


class FileRoutes:
    """Takes files.

    Attributes:
        base: the address that they are sent to.
        uploads: all of them, by id.
    """

    def __init__(self) -> None:
        self.base = ""
        self.uploads: dict[str, Upload] = {}

    def add_to(self, api: WebApi, app: web.Application) -> None:
        """Adds the methods, and the address for contents."""
        api.add("files.getUploadURLExternal", self._announced, scope="files:write", needs="filename length")
        api.add("files.completeUploadExternal", self._completed, scope="files:write", needs="files")
        app.router.add_post("/upload/{file}", self._sent)

    def _announced(self, call: Call) -> Payload:
        made = Upload(f"F{secrets.token_hex(5).upper()}", call.text("filename"), int(call.text("length")))
        made.alt_text = call.text("alt_txt")
        self.uploads[made.id] = made
        return {"file_id": made.id, "upload_url": f"{self.base}/{made.id}"}

    async def _sent(self, request: web.Request) -> web.Response:
        self.uploads[request.match_info["file"]].content = await request.read()
        return web.Response(text="OK")

    def _completed(self, call: Call) -> Payload:
        place = call.team.channels.get(call.text("channel_id"))
        if place is None or not place.has_bot:
            raise ApiError("channel_not_found")
        for given in call.args["files"]:
            upload = self.uploads.get(given["id"])
            if upload is None or len(upload.content) != upload.length:
                raise ApiError("file_not_found")
            upload.channel, upload.thread = place.id, call.text("thread_ts")
        return {"files": [{"id": given["id"], "title": given.get("title", "")} for given in call.args["files"]]}
