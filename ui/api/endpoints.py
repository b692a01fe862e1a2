"""The named endpoints ``/query`` and ``/reports`` of the page, which are MCP tools as well."""

from __future__ import annotations

from typing import Any

from rag.errors import RagError
from rag.schema import Turn
from ui.api.admission import Admission
from ui.api.asking import Asked, Assistant, Desk, day
from ui.api.records import answer_record, report_entry
from ui.toolkit import gradio


def add_endpoints(assistant: Assistant, admission: Admission | None = None) -> None:
    """Add them to the Gradio page under construction; ``admission`` is the one that the page uses."""
    gr = gradio()
    desk = Desk(assistant, admission or Admission())

    async def query(
        question: str,
        reports: list[str] | None = None,
        publisher: str = "",
        since: str = "",
        until: str = "",
        history: list[dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the reports. Every sentence of the answer cites a report, with the exact quote.

        Args:
            question: The question, in English or Spanish, up to 2,000 characters.
            reports: Ids of the reports to search, as the tool reports lists them. None for all.
            publisher: Search only this publisher's reports. Empty for all.
            since: Search only reports on times from this day on, as 2024-03-31. Empty for all.
            until: Search only reports on times up to this day, as 2024-03-31. Empty for all.
            history: Earlier questions with their answers, oldest first, each with the keys question and answer.

        Returns:
            The answer: status is "answered" or "abstained", text has markers such as [1], and citations says for
            each marker the report, section, page, quote and verdict.

        """
        turns = [Turn(str(turn.get("question", "")), str(turn.get("answer", ""))) for turn in history or ()]
        try:
            asked = Asked(
                question, tuple(turns), tuple(reports or ()), publisher, day(since, "since"), day(until, "until")
            )
            return answer_record(await desk.answer(asked))
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error

    async def reports() -> list[dict[str, Any]]:
        """List the reports that questions are answered from.

        Returns:
            For each report its id, title, publisher, type, language, publication day and period.

        """
        try:
            return [report_entry(report) for report in await desk.reports()]
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error

    # Not queued by Gradio: the admission queues, and MCP calls what is not queued without a detour
    # through HTTP, which would have to log in.
    for function in (query, reports):
        gr.api(function, api_name=function.__name__, queue=False, concurrency_limit=None)
