"""A small page with all that the guard has to tell apart: a question, an event, and an upload."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from chat_fakes import FakeAssistant, serving

from ui.api.admission import ANSWERS, Admission, Busy
from ui.api.endpoints import add_endpoints
from ui.toolkit import gradio
from ui.users.file import edited
from ui.users.identity import is_admin, user_of
from ui.users.passwords import hash_key, hash_password, new_key

PASSWORD = "a long enough one"
QUESTION, WHO, FILE = 0, 1, 2  # numbers of the page's events


def small_page(assistant: FakeAssistant, *, admission: Admission) -> Any:
    """A page whose first event asks, whose second says who asked, and whose third takes a file."""
    gr = gradio()
    with gr.Blocks(title="Small", analytics_enabled=False) as page:
        box, button, file, state = gr.Textbox(), gr.Button(), gr.File(), gr.State([])

        def ask(text: str) -> str:
            try:
                with admission.place("page"):
                    return assistant.query(text).text
            except Busy as error:
                return str(error)

        def who(said: list[str], request: gr.Request) -> tuple[str, list[str]]:
            said = [*said, user_of(request)]
            return json.dumps({"user": said, "admin": is_admin(request), "name": request.username}), said

        def took(path: str) -> str:
            return Path(path).read_text()

        # Gradio looks the type up by its name, and does not find a local one.
        who.__annotations__["request"] = gr.Request
        quiet: dict[str, Any] = {"api_visibility": "private"}
        box.submit(ask, box, box, concurrency_id=ANSWERS, concurrency_limit=10, **quiet)
        button.click(who, state, [box, state], **quiet)
        file.upload(took, file, box, **quiet)
        add_endpoints(assistant, admission)
    return page.queue(max_size=50)


@contextmanager
def site(assistant: FakeAssistant | None = None, **options: Any) -> Iterator[str]:
    """Serves the small page; gives its address."""
    with serving(assistant or FakeAssistant(), make=small_page, **options) as address:
        yield address


def browser(address: str, **options: Any) -> httpx.Client:
    """A client that keeps its cookies."""
    return httpx.Client(base_url=address, trust_env=False, timeout=20, **options)


def event(client: httpx.Client, number: int, data: list[Any], session: str = "s1") -> Any:
    """Start an event of the page and give what it puts into its first output, or the error."""
    body = {"data": data, "fn_index": number, "session_hash": session, "trigger_id": None, "event_data": None}
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if message.get("msg") == "process_completed":
                return message["output"].get("data", [message["output"].get("error")])[0]
    raise AssertionError("the stream ended before the event")


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def write_users(path: Path, **users: bool) -> dict[str, str]:
    """A users' file in which each has ``PASSWORD`` and those that are true are admins; gives their API keys."""
    keys = {name: new_key() for name in users}
    with edited(path) as table:
        for name, admin in users.items():
            table[name] = {"password": _HASHED, "admin": admin, "key": hash_key(keys[name])}
    return keys


_HASHED = hash_password(PASSWORD)
