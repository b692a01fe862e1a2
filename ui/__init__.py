"""The chat page: asks questions in the browser and shows each answer with its sources."""
