"""Encodes labelled texts so that pre-training can show them too: python3 prepare_labelled.py --work DIR [--data DIR]

WORK/NAME.npy holds <|start|> text <|extract|> one after another, and WORK/NAME.labels.npy, of the same
length, the label at each <|extract|> and -1 everywhere else. Only training parts are read; the reviews
held out by tasks.py are not among them. A text longer than the context gives its head and its tail.

`reviews-guessed` are the unlabelled reviews with the label that a bag of words, trained on the labelled
ones, gives them (Wang and Manning's, bag_of_words.py); the least sure fifth keeps -1.
"""

import argparse
import os
import random

import numpy as np

from bag_of_words import features, log_odds, train
from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA, PRETRAIN, read_documents
from tasks import imdb, sst2_train
from transformation import transform


LEAST_SURE = 0.2


def guessed(data):
    """(text, label) of every unlabelled review; -1 where the bag of words is least sure."""
    weights, bias = train([(features(text), label) for text, label in imdb(data)[0]])
    texts = read_documents(data, PRETRAIN["reviews"])
    scores = np.array([log_odds(features(text), weights, bias) for text in texts])
    sure = np.abs(scores) > np.quantile(np.abs(scores), LEAST_SURE)
    return list(zip(texts, np.where(sure, scores > 0, -1).tolist()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--work", required=True)
    parser.add_argument("--context", type=int, default=256)
    options = parser.parse_args()

    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    sources = {"sst2": sst2_train(options.data), "imdb": imdb(options.data)[0], "reviews-guessed": guessed(options.data)}
    for name, pairs in sources.items():
        random.Random(0).shuffle(pairs)
        ids, labels = [], []
        for text, label in pairs:
            head, tail = (transform(tokenizer, text, options.context, keep) for keep in ("head", "tail"))
            for tokens in [tail] if head == tail else [head, tail]:
                ids += tokens
                labels += [-1] * (len(tokens) - 1) + [label]
        np.save(os.path.join(options.work, f"{name}.npy"), np.array(ids, dtype=np.uint16))
        np.save(os.path.join(options.work, f"{name}.labels.npy"), np.array(labels, dtype=np.int8))
        print(f"{name}: {len(pairs)} texts, {len(ids)} tokens")


if __name__ == "__main__":
    main()
