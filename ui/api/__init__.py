"""What other programs call: named Gradio endpoints (and MCP tools), and an OpenAI-compatible chat."""
