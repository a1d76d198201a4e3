"""Exports a fine-tuned classifier to the hub's layout: python3 export_sentiment.py --work WORK --out ../models/sentiment

The temperature that makes the scores probabilities one can trust is fitted on the dev data (the 872
sentences and the held-out reviews, each half of the weight) and written into config.json, not into the weights.
"""

import argparse
import math
import os

import torch
import torch.nn.functional as F

from byte_bpe import ByteBpe
from hub_layout import copy_tokenizer, hub_config, hub_tensors
from safetensors_file import write_safetensors
from tokenizer_files import write_json

LABELS = ["negative", "positive"]


def fit_temperature(scores):
    """The T that minimises the mean cross-entropy of logits / T, by trying 400 of them."""
    candidates = [math.exp(-1 + 3 * i / 400) for i in range(401)]
    return min(candidates, key=lambda t: sum(F.cross_entropy(s / t, labels).item() for s, labels in scores.values()))


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
    parser.add_argument("--run", default="sentiment")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    checkpoint = torch.load(os.path.join(options.work, options.run, "last.pt"), map_location="cpu")
    source = os.path.join(options.work, "tokenizer")
    vocab = ByteBpe(source).vocab

    temperature = fit_temperature(checkpoint["scores"])
    print(f"temperature {temperature:.3f}")
    for name, (scores, labels) in checkpoint["scores"].items():
        before, after = (calibration_error(scores, labels, t) for t in (1.0, temperature))
        print(f"{name}: accuracy {checkpoint['results'][name]:.4f}, calibration error {before:.4f} before, {after:.4f} after")

    os.makedirs(options.out, exist_ok=True)
    tensors = hub_tensors(checkpoint["model"], torch.float16, head=True)
    write_safetensors(os.path.join(options.out, "model.safetensors"), tensors)
    write_json(options.out, "config.json", hub_config(
        checkpoint["config"], vocab["<|endoftext|>"], torch.float16,
        architectures=["GPT2ForSequenceClassification"],
        pad_token_id=vocab["<|endoftext|>"],
        num_labels=2,
        id2label={str(index): label for index, label in enumerate(LABELS)},
        label2id={label: index for index, label in enumerate(LABELS)},
        # How inputs are made: <|start|> text <|extract|>; a longer text keeps its last tokens.
        gptlet={
            "startToken": "<|start|>",
            "delimiterToken": "<|delimiter|>",
            "extractToken": "<|extract|>",
            "truncation": checkpoint["options"]["truncation"],
            "temperature": round(temperature, 3),
        },
    ))
    copy_tokenizer(source, options.out)


if __name__ == "__main__":
    main()
