"""The LlamaIndex adapter, over the seeds' index."""

from __future__ import annotations

import asyncio

from llama_index.core import QueryBundle

from rag.llama import ReportQueryEngine, ReportRetriever

QUESTION = "How many teachers attended the workshop in San Juan de Lurigancho?"


def test_retriever_gives_nodes_with_sources(assistant):
    nodes = ReportRetriever(assistant, k=3).retrieve(QUESTION)
    assert len(nodes) == 3 and nodes[0].score >= nodes[1].score >= nodes[2].score
    node = nodes[0].node
    text = assistant.report_text(node.metadata["report_id"])
    assert text[node.start_char_idx : node.end_char_idx] == node.text
    assert node.metadata["section"] == "Sectoral response > Education"


def test_retriever_filters(assistant):
    nodes = ReportRetriever(assistant, reports=["001_3f9bcb83e559fe55"]).retrieve(QueryBundle(QUESTION))
    assert {node.node.metadata["report_id"] for node in nodes} == {"001_3f9bcb83e559fe55"}


def test_query_engine_gives_the_cited_answer(assistant):
    engine = ReportQueryEngine(assistant)
    response = engine.query(QUESTION)
    expected = assistant.query(QUESTION)
    assert str(response) == expected.text and "[1]" in str(response)
    assert response.metadata["answer"]["citations"][0]["quote"] == expected.citations[0].quote
    assert len(response.source_nodes) == len(expected.passages)
    assert asyncio.run(engine.aquery(QUESTION)).response == expected.text


def test_opens_an_index_by_its_folder(seeds_index):
    assert ReportRetriever(seeds_index, k=1).retrieve(QUESTION)
