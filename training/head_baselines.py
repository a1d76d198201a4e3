"""What a head must beat: the majority, and bags of words (bag_of_words.py, one against the rest)."""

import re
import zlib
from collections import Counter

import numpy as np

from bag_of_words import BUCKETS, features, log_odds, train

PLAIN = re.compile(r"[a-z']+")


def measure(task, guesses, targets):
    """Figures of guesses: accuracy, and Matthews' correlation of two labels; Pearson's of scores."""
    if task.kind == "similarity":
        return {"Pearson": float(np.corrcoef(guesses, targets)[0, 1]) if np.std(guesses) else 0.0}
    guesses, targets = np.array(guesses), np.array(targets)
    figures = {"accuracy": float((guesses == targets).mean())}
    if len(task.labels) == 2:
        figures["Matthews"] = float(np.corrcoef(guesses, targets)[0, 1]) if guesses.std() else 0.0
    return figures


def bag(texts):
    """Features of a sequence; of two texts also which words they share and which only one of them has."""
    if len(texts) == 1:
        return features(texts[0])
    a, b = (set(PLAIN.findall(text.lower())) for text in texts)
    marked = [f"both {w}" for w in a & b] + [f"first {w}" for w in a - b] + [f"second {w}" for w in b - a]
    counts = [f"only first {len(a - b)}", f"only second {len(b - a)}"]
    return np.unique([zlib.crc32(f.encode()) % BUCKETS for f in marked + counts])


def overlap(texts):
    a, b = (set(PLAIN.findall(text.lower())) for text in texts)
    return len(a & b) / max(1, len(a | b))


def baselines(task, seen, unseen):
    """{name: figures} for examples of head_tasks.py."""
    targets = [target for _, target in unseen]
    most = Counter(target for _, target in seen).most_common(1)[0][0]
    result = {"majority": measure(task, [most] * len(unseen), targets)}
    if task.kind == "similarity":
        return {**result, "share of common words": measure(task, [overlap(sequences[0]) for sequences, _ in unseen], targets)}
    if task.kind == "choose":
        # Of each answer alone, by the words that right answers have: the question says nothing to a bag.
        pairs = [(features(texts[-1]), int(i == right)) for sequences, right in seen for i, texts in enumerate(sequences)]
        model = train(pairs)
        guesses = [int(np.argmax([log_odds(features(t[-1]), *model) for t in sequences])) for sequences, _ in unseen]
    else:
        bags = [(bag(sequences[0]), target) for sequences, target in seen]
        models = [train([(ids, int(target == label)) for ids, target in bags]) for label in range(len(task.labels))]
        guesses = [int(np.argmax([log_odds(bag(sequences[0]), *m) for m in models])) for sequences, _ in unseen]
    return {**result, "bag of words and pairs": measure(task, guesses, targets)}
