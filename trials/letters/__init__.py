"""The offer letter: from a template, as a PDF, accepted by link."""
