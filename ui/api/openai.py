"""``/v1``: the chat in OpenAI's form, so that Open WebUI and others can use it; and ``/healthz``."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from rag.errors import QuestionError, RagError
from rag.schema import Answer
from ui.api.admission import Busy
from ui.api.asking import Asked, Desk
from ui.api.messages import MODEL, Reply, asked_in

_BUSY_S = 5  # after which a program may try again
_FAILED = "The question could not be answered. The log of the server says why."

log = logging.getLogger(__name__)


def api_router(desk: Desk) -> APIRouter:
    """``/healthz``, ``/v1/models`` and ``/v1/chat/completions``."""
    router = APIRouter()
    entry = {"id": MODEL, "object": "model", "created": 0, "owned_by": "reportqa"}

    @router.get("/healthz")
    async def healthz() -> Response:
        return PlainTextResponse("ok")

    @router.get("/v1/models")
    async def models() -> Response:
        return JSONResponse({"object": "list", "data": [entry]})

    @router.get("/v1/models/{name:path}")
    async def model(name: str) -> Response:
        return JSONResponse(entry) if name == MODEL else _no_model(name)

    @router.post("/v1/chat/completions")
    async def completions(request: Request) -> Response:
        try:
            body = _body(await request.body())
            asked = asked_in(body.get("messages"))
        except QuestionError as error:
            return _error(error)
        name = body.get("model", MODEL)
        if name != MODEL:
            return _no_model(name)
        reply = Reply(asked.question, MODEL)
        if body.get("stream"):
            return await _streamed(desk, asked, reply)
        try:
            answer = await _while_there(request, desk.answer(asked))
            return JSONResponse(reply.whole(answer)) if answer else Response(status_code=499)
        except RagError as error:
            return _error(error)
        except Exception:
            log.exception("A question could not be answered")
            return _failed()

    return router


def _body(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise QuestionError("The request is not valid JSON.") from error
    if not isinstance(body, dict):
        raise QuestionError("The request must be a JSON object with model and messages.")
    return body


async def _while_there(request: Request, answering: Coroutine[Any, Any, Answer]) -> Answer | None:
    """The answer; None, and the model stops, when the client leaves before it is there."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    answer, gone = asyncio.create_task(answering), asyncio.create_task(left())
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        return answer.result() if answer.done() else None
    finally:
        answer.cancel()
        gone.cancel()


async def _streamed(desk: Desk, asked: Asked, reply: Reply) -> Response:
    """Server-sent events. What fails before the first piece is answered with its status."""
    pieces = desk.stream(asked)
    try:
        first = await anext(pieces)
    except RagError as error:
        return _error(error)
    except Exception:
        log.exception("A question could not be answered")
        return _failed()
    return StreamingResponse(_events(first, pieces, reply), media_type="text/event-stream")


async def _events(first: Any, pieces: AsyncGenerator[str | Answer, None], reply: Reply) -> AsyncIterator[str]:
    yield _event(reply.chunk("", is_first=True))
    answer = first
    async with aclosing(pieces):  # a client that leaves stops the model
        try:
            async for piece in pieces:
                answer = piece
                # What comes before the answer is not checked, and could not be taken back.
                yield ": writing\n\n"
        except RagError as error:
            yield _event(_content(str(error)))
            return
    yield _event(reply.chunk(reply.text(answer)))
    yield _event(reply.end(answer))
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _content(message: str, kind: str = "invalid_request_error", code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _error(error: RagError) -> Response:
    if isinstance(error, Busy):
        return JSONResponse(_content(str(error), "server_error", "busy"), 503, {"retry-after": str(_BUSY_S)})
    return JSONResponse(_content(str(error)), 400)


def _failed() -> Response:
    return JSONResponse(_content(_FAILED, "server_error"), 500)


def _no_model(name: Any) -> Response:
    message = f"There is no model {str(name)[:80]!r}; there is {MODEL!r}."
    return JSONResponse(_content(message, code="model_not_found"), 404)
