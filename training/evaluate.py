"""Measures exported folders, as they are shipped: python3 evaluate.py --model DIR [--sentiment DIR] [--data DIR]

Bits a byte on the validation stories are given twice: over the token stream cut into windows of the
context (as in the training log), and story by story after <|endoftext|>, with windows that overlap by half.
"""

import argparse
import json
import math
import os

import torch
import torch.nn.functional as F

from byte_bpe import ByteBpe
from classifier import GptClassifier
from corpora import DEFAULT_DATA, VALID, read_documents
from finetune import accuracy, evaluate
from model import ModelConfig
from safetensors_file import read_safetensors
from tasks import imdb, sst2_sentences
from transformation import transform

NAMES = {"ln_1": "ln_1", "attn.qkv": "attn.c_attn", "attn.proj": "attn.c_proj", "ln_2": "ln_2",
         "mlp.fc": "mlp.c_fc", "mlp.proj": "mlp.c_proj"}


def load_exported(folder):
    """The training model, in f32, from a folder in the hub's layout."""
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    tensors = {name: tensor.float() for name, tensor in read_safetensors(os.path.join(folder, "model.safetensors")).items()}
    sizes = {key: config[key] for key in ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head")}
    model = GptClassifier(ModelConfig(**sizes))
    state = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items() if ".h." not in name}
    for layer in range(config["n_layer"]):
        for ours, hub in NAMES.items():
            weight = tensors[f"transformer.h.{layer}.{hub}.weight"]
            state[f"blocks.{layer}.{ours}.weight"] = weight if weight.ndim == 1 else weight.t()
            state[f"blocks.{layer}.{ours}.bias"] = tensors[f"transformer.h.{layer}.{hub}.bias"]
    missing = model.load_state_dict(state, strict=False).missing_keys
    assert set(missing) <= {"score.weight"}, missing
    return model.eval(), config


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
            examples = [(transform(tokenizer, text, config["n_positions"], how), label) for text, label in pairs]
            print(f"{name}: {accuracy(*evaluate(model, examples)):.4f} of {len(examples)}", flush=True)


if __name__ == "__main__":
    main()
