"""Measures exported folders, as they are shipped: python3 evaluate.py --model DIR [--sentiment DIR] [--data DIR]

Bits a byte on the validation stories are given twice: over the token stream cut into windows of the
context (as in the training log), and story by story after <|endoftext|>, with windows that overlap by half.
"""

import argparse
import math

import torch
import torch.nn.functional as F

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA, VALID, read_documents
from exported import load_exported
from export_sentiment import scored
from finetune import accuracy
from tasks import imdb, sst2_sentences

@torch.no_grad()
def nats_of(model, ids, counted_from=0):
    """Summed loss of ids[1:], leaving out targets before `counted_from`."""
    tokens = torch.tensor(ids).unsqueeze(0)
    losses = F.cross_entropy(model.logits(model.hidden(tokens[:, :-1]))[0], tokens[0, 1:], reduction="none")
    return losses[max(0, counted_from - 1) :].sum().item()


def by_stream(model, sequences, T):
    stream = [token for ids in sequences for token in ids] + sequences[0][:1]
    return sum(nats_of(model, stream[at : at + T + 1]) for at in range(0, len(stream) - 1, T))


def by_story(model, sequences, T):
    nats = 0.0
    for ids in sequences:
        nats += nats_of(model, ids[: T + 1])
        done = min(len(ids), T + 1)
        while done < len(ids):  # each further window predicts half a context, given the other half
            end = min(len(ids), done + T // 2)
            begin = end - T - 1
            nats += nats_of(model, ids[begin:end], counted_from=done - begin)
            done = end
    return nats


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model")
    parser.add_argument("--sentiment")
    parser.add_argument("--data", default=DEFAULT_DATA)
    options = parser.parse_args()
    if options.model:
        model, config = load_exported(options.model)
        tokenizer = ByteBpe(options.model)
        stories = read_documents(options.data, VALID)
        size = sum(len(story.encode("utf-8")) for story in stories)
        sequences = [[config["bos_token_id"], *tokenizer.encode(story)] for story in stories]
        for name, measure in (("stream", by_stream), ("story by story", by_story)):
            print(f"bits a byte, {name}: {measure(model, sequences, config['n_positions']) / math.log(2) / size:.4f}", flush=True)
    if options.sentiment:
        model, config = load_exported(options.sentiment)
        tokenizer, how = ByteBpe(options.sentiment), config["gptlet"]["truncation"]
        for name, pairs in (("sst2 dev", sst2_sentences(options.data, "dev")), ("imdb held out", imdb(options.data)[1])):
            print(f"{name}: {accuracy(*scored(model, tokenizer, pairs, how, torch.float32)):.4f} of {len(pairs)}", flush=True)


if __name__ == "__main__":
    main()
