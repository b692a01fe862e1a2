"""Tests of connecting a model: ``from llm.server import serve`` from any test."""
