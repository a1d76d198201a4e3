"""Loaders of the fine-tuning tasks: each gives (text, label) pairs. Files named dev are for choosing and reporting."""

import gzip
import hashlib
import json
import os

HELD_OUT_REVIEWS = 5000


def read_lines(data, path, encoding="utf-8"):
    with open(os.path.join(data, "finetune", path), encoding=encoding) as file:
        return [line.rstrip("\n") for line in file]


def sst2_phrases(data, name):
    """A table of `sentence<TAB>label` with a header line."""
    pairs = (line.rsplit("\t", 1) for line in read_lines(data, f"sst2/{name}.tsv")[1:] if line)
    return [(text.strip(), int(label)) for text, label in pairs]


def sst2_sentences(data, name):
    """Lines of `label sentence`."""
    return [(line[2:].strip(), int(line[0])) for line in read_lines(data, f"sst2/sentences-{name}.txt") if line]


def sst2_train(data):
    """Phrases and whole sentences, without any that is itself a dev sentence."""
    dev = {text for text, _ in sst2_sentences(data, "dev")}
    return [pair for pair in sst2_phrases(data, "train") + sst2_sentences(data, "train") if pair[0] not in dev]


def imdb(data):
    """(train, held out): 5,000 reviews kept out, half of each label; a text that occurs twice is never in both."""
    with gzip.open(os.path.join(data, "finetune", "imdb-train.jsonl.gz"), "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    unique = list({row["text"]: row["label"] for row in rows}.items())
    # By hash: the same order in any language (eval/datasets/labelled.mjs keeps the same reviews out), whatever a run's seed.
    unique.sort(key=lambda pair: hashlib.sha256(pair[0].encode("utf-8")).hexdigest())
    held_out = []
    for label in (0, 1):
        held_out += [pair for pair in unique if pair[1] == label][: HELD_OUT_REVIEWS // 2]
    kept_out = {text for text, _ in held_out}
    return [pair for pair in unique if pair[0] not in kept_out], held_out
