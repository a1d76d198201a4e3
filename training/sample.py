"""Prints seeded samples of an exported model: python3 sample.py --model ../models/default [--prompt TEXT]"""

import argparse

import torch

from byte_bpe import ByteBpe
from reference import load_checkpoint, logits

PROMPTS = ["Once upon a time", "Lily found a little", "The dog and the cat", "One day, a boy named Tim", "In the forest there lived"]


def draw(scores, temperature, top_p, generator):
    """Temperature, then the smallest set of tokens that holds top_p of the probability."""
    probabilities, order = torch.softmax(scores / temperature, dim=-1).sort(descending=True)
    kept = probabilities.cumsum(0) - probabilities < top_p
    return int(order[torch.multinomial(probabilities * kept, 1, generator=generator)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--prompt", action="append")
    parser.add_argument("--tokens", type=int, default=120)
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--top-p", type=float, default=0.9)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    tokenizer, checkpoint = ByteBpe(options.model), load_checkpoint(options.model)
    checkpoint.tensors = {name: tensor.float() for name, tensor in checkpoint.tensors.items()}
    end_of_text = checkpoint.config["eos_token_id"]
    generator = torch.Generator().manual_seed(options.seed)
    torch.set_num_threads(1)
    for prompt in options.prompt or PROMPTS:
        ids = [end_of_text] + tokenizer.encode(prompt)
        for _ in range(options.tokens):
            token = draw(logits(checkpoint, ids)[-1], options.temperature, options.top_p, generator)
            if token == end_of_text:
                break
            ids.append(token)
        print("---\n" + tokenizer.decode(ids[1:]))


if __name__ == "__main__":
    main()
