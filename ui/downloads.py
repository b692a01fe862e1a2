"""Conversations as files: Markdown, DOCX and JSON, each for the user that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import RagError
from ui.conversations import Conversation, Conversations
from ui.export import conversation_docx, conversation_json, conversation_markdown, file_name
from ui.page import Assistant
from ui.users.identity import user_of
from ui.words import known_language

if TYPE_CHECKING:
    from fastapi import APIRouter

_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def download_router(conversations: Conversations, assistant: Assistant) -> APIRouter:
    """The route ``/download/{conversation}.{md|docx|json}``."""
    from fastapi import APIRouter, HTTPException, Request, Response  # late, as the web server is

    router = APIRouter()

    def download(conversation: str, suffix: str, request: Request, language: str = "en") -> Response:
        if suffix not in _TYPES:
            raise HTTPException(404)
        try:
            opened = conversations.open(user_of(request), conversation)
            body = _written(opened, suffix, known_language(language), assistant)
        except RagError as error:
            raise HTTPException(404, str(error)) from error
        name = file_name(opened.title, suffix)
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(body, media_type=_TYPES[suffix], headers=headers)

    # As an object: FastAPI would look for the name, which is local, among this module's.
    download.__annotations__["request"] = Request
    router.add_api_route("/download/{conversation}.{suffix}", download, response_model=None)
    return router


def _written(conversation: Conversation, suffix: str, language: str, assistant: Assistant) -> bytes:
    if suffix == "json":
        return conversation_json(conversation).encode()
    reports = assistant.reports()
    if suffix == "docx":
        return conversation_docx(conversation, language, reports)
    return conversation_markdown(conversation, language, reports).encode()
