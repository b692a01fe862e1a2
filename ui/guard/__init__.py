"""A middleware that keeps the pages on this machine and to their users.

Gradio sends no security headers, accepts any ``Host``, fetches outside addresses for
``/gradio_api/file=https://…`` and limits neither uploads nor logins. In front of it, :class:`Guard`
answers only the routes that are needed, only under names of this machine, only for requests of its
own pages, only to those who may come in, and only as much as is listed in ``ui.guard.routes`` and
``ui.guard.limits``; every response carries a strict content security policy.
"""

from ui.guard.asgi import AsgiApp, Message, Receive, Scope, Send
from ui.guard.guard import Guard
from ui.guard.hosts import is_loopback
from ui.guard.routes import is_needed

__all__ = ["AsgiApp", "Guard", "Message", "Receive", "Scope", "Send", "is_loopback", "is_needed"]
