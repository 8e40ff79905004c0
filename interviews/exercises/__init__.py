"""Work that candidates do in writing, and the grading by people who do not know whose it is."""
