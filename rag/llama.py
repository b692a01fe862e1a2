"""reportqa for LlamaIndex users: an index as a retriever and as a query engine.

    from rag.llama import ReportQueryEngine, ReportRetriever

    engine = ReportQueryEngine("my-index")
    response = engine.query("How many people were assisted?")
    response.metadata["answer"]  # the same dict as Answer.to_dict()

LlamaIndex's global ``Settings`` is not touched: its default models are remote services.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.pipeline import Assistant
from rag.schema import Passage


def to_node(passage: Passage, page: int | None = None) -> NodeWithScore:
    """A passage, which begins on ``page``, as a node; its text is the report's own, its source is in the metadata."""
    chunk, report = passage.chunk, passage.report
    node = TextNode(
        id_=f"{chunk.report_id}:{chunk.start}:{chunk.end}",
        text=chunk.text,
        start_char_idx=chunk.start,
        end_char_idx=chunk.end,
        metadata={
            "report_id": chunk.report_id,
            "title": report.title,
            "publisher": report.publisher,
            "period": report.period.label if report.period else "",
            "published": report.published.isoformat() if report.published else "",
            "section": " > ".join(passage.section),
            **({"page": page} if page else {}),
        },
    )
    return NodeWithScore(node=node, score=passage.score)


class ReportRetriever(BaseRetriever):
    """Retriever over a reportqa index; nodes come best first.

    :param index: an open ``Assistant`` or the folder of an index.
    :param k: nodes returned.
    :param filters: ``reports=``, ``publisher=``, ``since=``, ``until=`` as for ``Assistant.search``.
    """

    def __init__(self, index: Assistant | str | Path, *, k: int = 8, **filters: Any) -> None:
        self._assistant = index if isinstance(index, Assistant) else Assistant(index)
        self._k, self._filters = k, filters
        super().__init__(callback_manager=CallbackManager())

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._assistant.search(query_bundle.query_str, k=self._k, **self._filters)
        return [to_node(passage, self._assistant.page_of(passage)) for passage in found]


class ReportQueryEngine(BaseQueryEngine):
    """Query engine whose response is reportqa's cited, checked answer.

    ``response`` is the answer's text with markers, ``source_nodes`` are the passages read, and
    ``metadata["answer"]`` is ``Answer.to_dict()`` with every citation.
    """

    def __init__(self, index: Assistant | str | Path, **filters: Any) -> None:
        self._assistant = index if isinstance(index, Assistant) else Assistant(index)
        self._filters = filters
        super().__init__(callback_manager=CallbackManager())

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.query(query_bundle.query_str, **self._filters)
        return Response(
            response=answer.text,
            source_nodes=[to_node(passage, self._assistant.page_of(passage)) for passage in answer.passages],
            metadata={"status": answer.status, "answer": answer.to_dict()},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}
