"""The words of documents, read in a child process that can do no harm."""
