"""Exports the fine-tuned classifier: python3 export_sentiment.py --work WORK --out ../models/sentiment

Measures what to do with reviews longer than the context on dev data (SST-2's sentences, and 1,000 of the reviews
held out), chooses the temperature on the same, and writes the hub's layout.
"""

import argparse
import math
import os

import torch
import torch.nn.functional as F

from byte_bpe import ByteBpe
from classifier import from_checkpoint
from corpora import DEFAULT_DATA
from finetune import accuracy, evaluate
from hub_layout import export_classifier
from tasks import imdb, sst2_sentences
from transformation import TRUNCATIONS, sequences_of

LABELS = ["negative", "positive"]


def scored(model, tokenizer, pairs, truncation, dtype=torch.bfloat16):
    """Logits (N,2), the mean over a text's windows, and labels (N)."""
    context = model.config.n_positions
    each = [sequences_of(tokenizer, text, context, truncation) for text, _ in pairs]
    scores, _ = evaluate(model, [(ids, 0) for sequences in each for ids in sequences], dtype=dtype)
    parts = scores.split([len(sequences) for sequences in each])
    return torch.stack([part.mean(0) for part in parts]), torch.tensor([label for _, label in pairs])


def fit_temperature(scores):
    """The T that minimises the mean cross-entropy of logits / T, by trying 400 of them."""
    candidates = [math.exp(-1 + 3 * i / 400) for i in range(401)]
    return min(candidates, key=lambda t: sum(F.cross_entropy(s / t, labels).item() for s, labels in scores))


def calibration_error(scores, labels, temperature, bins=10):
    """Expected calibration error: how far confidence is from being right, weighted over ten bins."""
    confidence, guess = torch.softmax(scores / temperature, dim=-1).max(-1)
    right, which = (guess == labels).float(), (confidence * bins).long().clamp(max=bins - 1)
    return sum(
        (which == b).float().mean().item() * abs(right[which == b].mean() - confidence[which == b].mean()).item()
        for b in range(bins) if (which == b).any()
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", required=True)
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--run", default="sentiment")
    parser.add_argument("--truncation", choices=TRUNCATIONS, default="windows")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    checkpoint = torch.load(os.path.join(options.work, options.run, "last.pt"), map_location="cpu")
    model = from_checkpoint(checkpoint)
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))

    held_out = imdb(options.data)[1]
    reviews = held_out[:500] + held_out[-500:]  # of each label
    sentences = scored(model, tokenizer, sst2_sentences(options.data, "dev"), options.truncation)
    print(f"SST-2 dev: {accuracy(*sentences):.4f}")
    by_truncation = {}
    for truncation in TRUNCATIONS:
        by_truncation[truncation] = scored(model, tokenizer, reviews, truncation)
        print(f"IMDB, 1,000 held out, {truncation}: {accuracy(*by_truncation[truncation]):.4f}", flush=True)
    dev = {"SST-2 dev": sentences, "IMDB": by_truncation[options.truncation]}
    temperature = round(fit_temperature(dev.values()), 3)
    for name, pair in dev.items():
        before, after = (calibration_error(*pair, t) for t in (1.0, temperature))
        print(f"{name}: calibration error {before:.4f}, {after:.4f} with temperature {temperature}")

    export_classifier(options.out, os.path.join(options.work, "tokenizer"), model, tokenizer.vocab, LABELS, {},
                      {"truncation": options.truncation, "temperature": temperature})


if __name__ == "__main__":
    main()
