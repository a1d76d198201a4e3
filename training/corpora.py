"""The pre-training texts: which files, and how their documents are separated."""

import gzip
import os
import re

# name -> path under the data folder. Files named dev, valid or trial are never listed here.
PRETRAIN = {
    "tinystories": "pretrain/tinystories.txt.gz",
    "fairytales": "pretrain/fairytales.txt",
    "childrens-books": "pretrain/childrens-books.txt.gz",
    "reviews": "pretrain/reviews.txt.gz",
}
VALID = "pretrain/tinystories-valid.txt"
SEPARATOR = re.compile(r"\n?<\|endoftext\|>\n?")

DEFAULT_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared", "data")


def read_text(path, max_bytes=None):
    """A UTF-8 file, gzip or not; at most the first `max_bytes` bytes of text."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        return file.read(-1 if max_bytes is None else max_bytes).decode("utf-8", errors="ignore")


def documents(text):
    return [document for document in SEPARATOR.split(text) if document.strip()]


def read_documents(data, path, max_bytes=None):
    return documents(read_text(os.path.join(data, path), max_bytes))
