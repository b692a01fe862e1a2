"""Test sets, metrics and benchmarks; no LLM judges anything here."""
