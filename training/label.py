"""Soft labels by several fine-tuned models: python3 label.py --work WORK --models A.pt,B.pt --out WORK/soft sst2 imdb ...

For each token file of <|start|> text <|extract|> it writes OUT/NAME.npy: the mean over the models of P(positive),
one number a text. Prints how often the mean of all is right on SST-2 dev, and each model alone.
"""

import argparse
import os

import numpy as np
import torch

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from finetune import accuracy, evaluate, load_body
from labelled import LabelledTexts
from tasks import imdb, sst2_sentences
from transformation import transform


@torch.no_grad()
def probabilities(model, texts, tokens=65536):
    """P(positive) of every text, in bf16."""
    result = np.zeros(len(texts), dtype=np.float32)
    for _, length, members in texts.plan(tokens):
        ids, lengths, _ = texts.batch(length, members)
        with torch.autocast(ids.device.type, dtype=torch.bfloat16):
            head, _ = model.both(ids, lengths, with_language=False)
        result[members] = head.softmax(-1)[:, 1].cpu().numpy()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--work", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    os.makedirs(options.out, exist_ok=True)
    models = {path: load_body(path, 0.0, tokenizer).to(options.device).eval() for path in options.models.split(",")}

    held_out = imdb(options.data)[1]
    for name, pairs in (("SST-2 dev", sst2_sentences(options.data, "dev")), ("500 of IMDB's held out", held_out[::10])):
        examples = [(transform(tokenizer, text, 256), label) for text, label in pairs]
        scores = {path: evaluate(model, examples, dtype=torch.bfloat16) for path, model in models.items()}
        for path, result in scores.items():
            print(f"{name}, {path}: {accuracy(*result):.4f}", flush=True)
        labels = next(iter(scores.values()))[1]
        mean = sum(result.softmax(-1) for result, _ in scores.values())
        print(f"{name}, mean of all: {accuracy(mean, labels):.4f}", flush=True)
    for name in options.names:
        texts = LabelledTexts(options.work, name, options.device)
        mean = sum(probabilities(model.eval(), texts) for model in models.values()) / len(models)
        np.save(os.path.join(options.out, f"{name}.npy"), mean.astype(np.float16))
        print(f"{name}: {len(mean)} texts, {np.mean(mean > 0.5):.3f} positive", flush=True)


if __name__ == "__main__":
    main()
