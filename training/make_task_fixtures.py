"""Classifiers with a tokenizer and the paper's input tokens, and what each task must give: python3 make_task_fixtures.py

One small seeded checkpoint a head; expected.json holds the head's logits for texts, pairs and answers, computed here in
f64 from the GPT paper's input transformations (section 3.3), not from gptlet's.
"""

import json
import os
import shutil

import torch

from byte_bpe import ByteBpe, alphabet_order, byte_alphabet
from fixture_cases import gpt1, gpt2, gpt_neo, labels
from make_fixtures import DEFAULT_OUT, random_tensors, shapes
from reference import Checkpoint, hidden
from safetensors_file import write_safetensors
from tokenizer_files import write_json, write_tokenizer

SPECIALS = ["<|endoftext|>", "<|start|>", "<|delimiter|>", "<|extract|>"]
MERGES = [("Ġ", "t"), ("h", "e"), ("Ġt", "he")]
CONTEXT = 96

small = {"vocab_size": 256 + len(MERGES) + len(SPECIALS), "pad_token_id": 256 + len(MERGES),
         "gptlet": {"startToken": "<|start|>", "delimiterToken": "<|delimiter|>", "extractToken": "<|extract|>"}}

# GPT-1's kind: letters, the last of a word with "</w>". Texts of letters only, so that nothing else of it matters.
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LETTER_MERGES = [("t", "h"), ("th", "e</w>"), ("n", "g</w>")]
LETTER_TOKENS = ["<unk>", *LETTERS, *(letter + "</w>" for letter in LETTERS), *(a + b for a, b in LETTER_MERGES), *SPECIALS[1:]]
CASES = {
    "gpt2-entailment-classifier": gpt2(
        architectures=["GPT2ForSequenceClassification"], n_embd=16, n_positions=CONTEXT, **small,
        **labels("entailment", "neutral", "contradiction")),
    "gpt1-entailment-classifier": gpt1(
        architectures=["OpenAIGPTForSequenceClassification"], n_embd=16, n_positions=CONTEXT,
        **{**small, "vocab_size": len(LETTER_TOKENS), "pad_token_id": 0}, **labels("entailment", "neutral", "contradiction")),
    "gpt-neo-multi-label-classifier": gpt_neo(
        architectures=["GPTNeoForSequenceClassification"], hidden_size=16, max_position_embeddings=CONTEXT, **small,
        problem_type="multi_label_classification", **labels("news", "sport", "science", "art")),
    # One label and no problem_type: the hub takes that for a regression.
    "gpt2-regression-classifier": gpt2(
        architectures=["GPT2ForSequenceClassification"], n_embd=16, n_positions=CONTEXT, **small, **labels("relatedness")),
    "gpt2-double-heads-classifier": gpt2(
        architectures=["GPT2DoubleHeadsModel"], n_embd=16, n_positions=CONTEXT, **small),
}

TEXTS = ["It was a fine day.", "Nothing the matter?", "", "Zürich, 12 août: 3 × 4 = 12 😀", "a", "the the the"]
PAIRS = [("A man plays the guitar.", "A man makes music."), ("The cat sleeps.", "The cat does not sleep."),
         ("", "Something."), ("One.", "")]
QUESTIONS = [
    ("The man broke his toe.", "What was the cause?", ["He got a hole in his sock.", "He dropped a hammer on it."]),
    ("She went to the shop.", None, ["She bought bread.", "x", "She bought the bread that she had seen.", "She sang."]),
    ("", "Which?", ["this", "that", "the other"]),
]


class LetterBpe:
    """GPT-1's BPE for texts of letters and spaces."""

    vocab = {token: index for index, token in enumerate(LETTER_TOKENS)}

    def encode(self, text):
        ids = []
        for word in text.lower().split():
            symbols = [*word[:-1], word[-1] + "</w>"]
            for pair in LETTER_MERGES:  # each merge makes only what a later one takes
                at = 0
                while at + 1 < len(symbols):
                    if (symbols[at], symbols[at + 1]) == pair:
                        symbols[at : at + 2] = ["".join(pair)]
                    at += 1
            ids += [self.vocab[symbol] for symbol in symbols]
        return ids


def letters_only(value):
    """The same texts without what GPT-1's tokenizer has rules of its own for."""
    if isinstance(value, (list, tuple)):
        return [letters_only(item) for item in value]
    return value and " ".join("".join(c if c.lower() in LETTERS else " " for c in value).split())


def write_letter_files(folder):
    write_json(folder, "vocab.json", LetterBpe.vocab)
    with open(os.path.join(folder, "merges.txt"), "w") as file:
        file.writelines(["#version: 0.2\n", *(f"{a} {b}\n" for a, b in LETTER_MERGES)])
    write_json(folder, "special_tokens_map.json", {"unk_token": "<unk>", "additional_special_tokens": SPECIALS[1:]})
    return LetterBpe()


def write_byte_files(folder):
    alphabet = byte_alphabet()
    tokens = [alphabet[byte] for byte in alphabet_order()] + [a + b for a, b in MERGES] + SPECIALS
    vocab = {token: index for index, token in enumerate(tokens)}
    write_tokenizer(folder, vocab, MERGES, SPECIALS, "<|endoftext|>", CONTEXT)
    bpe = ByteBpe(folder)
    for other in ("vocab.json", "merges.txt", "special_tokens_map.json", "tokenizer_config.json"):
        os.remove(os.path.join(folder, other))  # tokenizer.json says it all
    return bpe


def head_tensors(config, seed):
    """The body's tensors, and the head's by the names of the class that saves it."""
    tensors = random_tensors(config, seed, torch.float32)
    if "DoubleHeads" in config["architectures"][0]:
        generator = torch.Generator().manual_seed(seed + 1)
        width = shapes(config)["wte.weight"][1]
        tensors["multiple_choice_head.summary.weight"] = torch.randn((1, width), generator=generator)
        tensors["multiple_choice_head.summary.bias"] = torch.randn((1,), generator=generator)
    return tensors


def expectations(config, tensors, bpe):
    checkpoint = Checkpoint(config, {name: tensor.double() for name, tensor in tensors.items()})
    adapt = letters_only if isinstance(bpe, LetterBpe) else list
    start, delimiter, extract = (bpe.vocab[f"<|{name}|>"] for name in ("start", "delimiter", "extract"))
    weight = checkpoint.tensors.get("score.weight", checkpoint.tensors.get("multiple_choice_head.summary.weight"))
    bias = checkpoint.tensors.get("multiple_choice_head.summary.bias", torch.zeros(len(weight), dtype=torch.float64))

    def last(*texts):
        ids = [start]
        for index, text in enumerate(texts):
            ids += ([delimiter] if index else []) + bpe.encode(text)
        assert len(ids) < CONTEXT, texts
        return hidden(checkpoint, [*ids, extract])[-1]

    def head(state):
        return (state @ weight.t() + bias).tolist()

    choose = [{"context": context, **({"question": question} if question else {}), "answers": answers,
               "logits": [head(last(f"{context} {question}" if question else context, answer))[-1] for answer in answers]}
              for context, question, answers in adapt(QUESTIONS)]
    if "DoubleHeads" in config["architectures"][0]:
        return {"choose": choose}
    return {
        "classify": [{"text": text, "logits": head(last(text))} for text in adapt(TEXTS)],
        "entail": [{"premise": a, "hypothesis": b, "logits": head(last(a, b))} for a, b in adapt(PAIRS)],
        # Both orders, their last hidden states added, then the head.
        "similarity": [{"a": a, "b": b, "logits": head(last(a, b) + last(b, a))} for a, b in adapt(PAIRS)],
        "choose": choose,
    }


def main():
    torch.set_num_threads(1)
    for seed, (name, config) in enumerate(CASES.items(), start=7):
        folder = os.path.join(DEFAULT_OUT, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        bpe = (write_letter_files if config["model_type"] == "openai-gpt" else write_byte_files)(folder)
        tensors = head_tensors(config, seed)
        write_json(folder, "config.json", config)
        stored = {key if key.startswith(("score", "multiple_choice")) else f"transformer.{key}": tensor
                  for key, tensor in tensors.items()}
        write_safetensors(os.path.join(folder, "model.safetensors"), stored)
        with open(os.path.join(folder, "expected.json"), "w") as file:
            json.dump(expectations(config, tensors, bpe), file, ensure_ascii=False, indent=1)
            file.write("\n")
        print(name)


if __name__ == "__main__":
    main()
