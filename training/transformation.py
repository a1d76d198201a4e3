"""GPT-1's input transformation for one text: <|start|> text <|extract|>, cut to the context, in batches."""

import random

import torch

TRUNCATIONS = ("head", "tail", "both")


def transform(tokenizer, text, context, truncation="tail", head_part=0.25):
    """Ids of start, text, extract. A text that is too long keeps its head, its tail, or some of both."""
    ids = tokenizer.encode(text)
    room = context - 2
    if len(ids) > room:
        head = {"head": room, "tail": 0, "both": int(room * head_part)}[truncation]
        ids = ids[:head] + ids[len(ids) - (room - head) :]
    return [tokenizer.vocab["<|start|>"], *ids, tokenizer.vocab["<|extract|>"]]


def batches(examples, tokens, seed=None):
    """Lists of examples (ids, label) of like length, each list at most `tokens` ids when padded. With a
    seed the lists come in a random order, and so do examples of equal length."""
    order = random.Random(seed)
    if seed is not None:
        examples = order.sample(examples, len(examples))
    result, current, longest = [], [], 0
    for example in sorted(examples, key=lambda example: len(example[0])):
        longest = len(example[0])
        if current and longest * (len(current) + 1) > tokens:
            result.append(current)
            current = []
        current.append(example)
    result.append(current)
    if seed is not None:
        order.shuffle(result)
    return result


def collate(batch):
    """-> ids (B,T) padded with 0 on the right, where a causal model cannot see it; lengths (B); labels (B)."""
    lengths = torch.tensor([len(ids) for ids, _ in batch])
    ids = torch.zeros(len(batch), int(lengths.max()), dtype=torch.long)
    for row, (tokens, _) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    return ids, lengths, torch.tensor([label for _, label in batch])
