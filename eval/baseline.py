"""Plain LlamaIndex over the same reports: what a naive build on this stack retrieves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr

from eval.metrics import Span
from rag.schema import Encoder

CHUNK_TOKENS, OVERLAP_TOKENS = 1024, 200  # SentenceSplitter's defaults


class _Embedding(BaseEmbedding):
    """Our encoder as LlamaIndex wants it, so that both sides embed alike."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name=encoder.name)
        self._encoder = encoder

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._encoder.encode([text])[0].tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class LlamaIndexBaseline:
    """SentenceSplitter, dense vectors only, FAISS inner product."""

    def __init__(self, files: Sequence[Path], encoder: Encoder) -> None:
        documents = [Document(text=path.read_bytes().decode(), metadata={"report": path.stem}) for path in files]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(encoder.dimension))
        self._index = VectorStoreIndex.from_documents(
            documents,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=_Embedding(encoder),
            transformations=[SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS)],
        )

    def retrieve(self, question: str, k: int) -> list[Span]:
        """Spans of the ``k`` best nodes, best first."""
        nodes = [hit.node for hit in self._index.as_retriever(similarity_top_k=k).retrieve(question)]
        return [(node.metadata["report"], node.start_char_idx, node.end_char_idx) for node in nodes]
