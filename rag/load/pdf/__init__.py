"""PDF to text with its layout."""
