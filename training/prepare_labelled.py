"""Encodes labelled texts so that pre-training can show them too: python3 prepare_labelled.py --work DIR [--data DIR]

WORK/NAME.npy holds <|start|> text <|extract|> one after another, and WORK/NAME.labels.npy, of the same
length, the label at each <|extract|> and -1 everywhere else. Only training parts are read; the reviews
held out by tasks.py are not among them.
"""

import argparse
import os
import random

import numpy as np

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from tasks import imdb, sst2_train
from transformation import transform


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--work", required=True)
    parser.add_argument("--context", type=int, default=256)
    options = parser.parse_args()

    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    for name, pairs in {"sst2": sst2_train(options.data), "imdb": imdb(options.data)[0]}.items():
        random.Random(0).shuffle(pairs)
        ids, labels = [], []
        for text, label in pairs:
            tokens = transform(tokenizer, text, options.context)
            ids += tokens
            labels += [-1] * (len(tokens) - 1) + [label]
        np.save(os.path.join(options.work, f"{name}.npy"), np.array(ids, dtype=np.uint16))
        np.save(os.path.join(options.work, f"{name}.labels.npy"), np.array(labels, dtype=np.int8))
        print(f"{name}: {len(pairs)} texts, {len(ids)} tokens")


if __name__ == "__main__":
    main()
