"""The baseline that a head must beat: logistic regression on words and pairs of words, and the majority label.

python3 bag_of_words.py --task sst2|imdb [--last N] [--first N]: optionally only so many words of each text.
"""

import argparse
import re
import zlib

import numpy as np

from corpora import DEFAULT_DATA
from tasks import imdb, sst2_sentences, sst2_train

WORD = re.compile(r"[a-z']+|[!?.]")
BUCKETS = 1 << 20


def features(text, first=0, last=0):
    words = WORD.findall(text.lower())
    if (first or last) and len(words) > first + last:
        words = words[:first] + words[len(words) - last :]
    pairs = [f"{a} {b}" for a, b in zip(words, words[1:])]
    return np.unique([zlib.crc32(feature.encode()) % BUCKETS for feature in words + pairs] or [0])


def train(examples, epochs=4, seed=0):
    """Weights scaled by the naive-Bayes log ratio (Wang and Manning, 2012), learnt by Adagrad one text at a time."""
    counts = np.ones((2, BUCKETS))
    for ids, label in examples:
        counts[label, ids] += 1
    ratio = np.log(counts[1] / counts[1].sum()) - np.log(counts[0] / counts[0].sum())
    weights, squares, bias = np.ones(BUCKETS), np.full(BUCKETS, 1e-6), 0.0
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        for index in random.permutation(len(examples)):
            ids, label = examples[index]
            x = ratio[ids] / np.sqrt(len(ids))
            error = 1 / (1 + np.exp(-np.clip(weights[ids] @ x + bias, -30, 30))) - label
            gradient = error * x + 1e-5 * weights[ids]
            squares[ids] += gradient**2
            weights[ids] -= 0.1 * gradient / np.sqrt(squares[ids])
            bias -= 0.01 * error
    return weights * ratio, bias


def log_odds(ids, weights, bias):
    """Above 0: the label is 1."""
    return weights[ids].sum() / np.sqrt(len(ids)) + bias


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--task", choices=["sst2", "imdb"], default="sst2")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=0)
    options = parser.parse_args()
    pairs = (sst2_train(options.data), sst2_sentences(options.data, "dev")) if options.task == "sst2" else imdb(options.data)
    seen, unseen = ([(features(text, options.first, options.last), label) for text, label in part] for part in pairs)
    weights, bias = train(seen)
    right = [(log_odds(ids, weights, bias) > 0) == bool(label) for ids, label in unseen]
    majority = max(sum(label for _, label in unseen), sum(1 - label for _, label in unseen)) / len(unseen)
    print(f"{options.task}: {len(seen)} to learn from, {len(unseen)} to check; "
          f"majority {majority:.4f}, bag of words and pairs {np.mean(right):.4f}")


if __name__ == "__main__":
    main()
