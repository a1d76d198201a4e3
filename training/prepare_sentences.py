"""Encodes single sentences of the reviews, most of them in SST-2's spelling: python3 prepare_sentences.py --work DIR [--data DIR]

WORK/sentences-imdb.npy and WORK/sentences-reviews.npy hold <|start|> sentence <|extract|> one after another, in the
order of their reviews; NAME.labels.npy has the review's label at each <|extract|> (its own, or for the unlabelled
reviews the one that prepare_labelled.py guesses; -1 where unsure). Two thirds of the reviews are written in SST-2's
spelling, the others stay as they are. Reviews held out by tasks.py are not among them.
"""

import argparse
import os

import numpy as np

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from prepare_labelled import guessed
from sst_style import sentences, sst_style
from tasks import imdb

LONGEST = 100  # tokens; what is longer is mostly a list without full stops


def encoded(tokenizer, pairs):
    """ids and labels, flat, of all sentences of (review, label) pairs."""
    start, extract = tokenizer.vocab["<|start|>"], tokenizer.vocab["<|extract|>"]
    ids, labels = [], []
    for index, (text, label) in enumerate(pairs):
        for sentence in sentences(text):
            style = index % 3
            tokens = tokenizer.encode(sentence if style == 2 else sst_style(sentence, named_brackets=style == 0))
            if 2 <= len(tokens) <= LONGEST:
                ids += [start, *tokens, extract]
                labels += [-1] * (len(tokens) + 1) + [label]
    return np.array(ids, dtype=np.uint16), np.array(labels, dtype=np.int8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--work", required=True)
    options = parser.parse_args()
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    for name, pairs in (("imdb", imdb(options.data)[0]), ("reviews", guessed(options.data))):
        ids, labels = encoded(tokenizer, pairs)
        np.save(os.path.join(options.work, f"sentences-{name}.npy"), ids)
        np.save(os.path.join(options.work, f"sentences-{name}.labels.npy"), labels)
        print(f"sentences-{name}: {(ids == ids[0]).sum()} sentences, {len(ids)} tokens", flush=True)


if __name__ == "__main__":
    main()
