"""HTML of the page: pure functions, and the only place where HTML is made.

Text of reports, models and users reaches the page only through :func:`html.escape`; no link,
image or markup is ever made from it. Links and pictures made here are of this server.
"""

from ui.render.abstention import Searched
from ui.render.answer import render_answer, render_card, render_provisional
from ui.render.body import Body
from ui.render.conversation import (
    FilterChip,
    render_examples,
    render_exports,
    render_filter_bar,
    render_first_start,
    render_list,
    render_sidebar,
    render_welcome,
)
from ui.render.frame import Status, render_header, render_panel_frame
from ui.render.panel import Place, render_lost, render_page, render_report, render_source
from ui.render.turn import Feedback, render_error, render_tools, render_turn

__all__ = [
    "Body",
    "Feedback",
    "FilterChip",
    "Place",
    "Searched",
    "Status",
    "render_answer",
    "render_card",
    "render_filter_bar",
    "render_error",
    "render_examples",
    "render_exports",
    "render_first_start",
    "render_header",
    "render_list",
    "render_lost",
    "render_page",
    "render_panel_frame",
    "render_provisional",
    "render_report",
    "render_sidebar",
    "render_source",
    "render_tools",
    "render_turn",
    "render_welcome",
]
