"""Small seeded checkpoints and what they must compute: python3 make_fixtures.py [CASE...] [--out ../fixtures]

Weights are random, but wide enough that greedy text wanders and that the winner leads clearly; a seed
whose smallest lead is under MARGIN, or whose text is dull, is passed over for the next.
"""

import argparse
import json
import os
import shutil

import torch

from byte_bpe import alphabet_order, byte_alphabet
from fixture_cases import CASES
from reference import Checkpoint, attention_layers, classify, greedy, load_checkpoint, logits
from safetensors_file import DTYPES, write_safetensors
from tokenizer_files import write_json, write_tokenizer

MARGIN = 2e-3  # backends may differ by 1e-4 a logit
DEFAULT_OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")


def shapes(config):
    """Name -> shape in the hub's layout of the family; the language model's head only where untied."""
    neo = config["model_type"] == "gpt_neo"
    C = config["hidden_size"] if neo else config["n_embd"]
    T = config["max_position_embeddings"] if neo else config["n_positions"]
    inner = (config["intermediate_size"] if neo else config.get("n_inner")) or 4 * C
    V = config["vocab_size"]
    one = config["model_type"] == "openai-gpt"
    result = {"tokens_embed.weight" if one else "wte.weight": (V, C),
              "positions_embed.weight" if one else "wpe.weight": (T, C)}
    for index in range(len(attention_layers(config)) if neo else config["n_layer"]):
        h = f"h.{index}."
        for norm in ("ln_1", "ln_2"):
            result[f"{h}{norm}.weight"], result[f"{h}{norm}.bias"] = (C,), (C,)
        if neo:  # nn.Linear: (out,in); q, k and v have no bias
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                result[f"{h}attn.attention.{part}.weight"] = (C, C)
            result[f"{h}attn.attention.out_proj.bias"] = (C,)
            result[f"{h}mlp.c_fc.weight"], result[f"{h}mlp.c_proj.weight"] = (inner, C), (C, inner)
        else:  # Conv1D: (in,out)
            result[f"{h}attn.c_attn.weight"], result[f"{h}attn.c_attn.bias"] = (C, 3 * C), (3 * C,)
            result[f"{h}attn.c_proj.weight"], result[f"{h}attn.c_proj.bias"] = (C, C), (C,)
            result[f"{h}mlp.c_fc.weight"], result[f"{h}mlp.c_proj.weight"] = (C, inner), (inner, C)
        result[f"{h}mlp.c_fc.bias"], result[f"{h}mlp.c_proj.bias"] = (inner,), (C,)
    if not one:
        result["ln_f.weight"], result["ln_f.bias"] = (C,), (C,)
    if "Classification" in config["architectures"][0]:
        result["score.weight"] = (len(config["id2label"]), C)
    elif not config["tie_word_embeddings"]:
        result["lm_head.weight"] = (V, C)
    return result


def random_tensors(config, seed, dtype):
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for name, shape in shapes(config).items():
        values = torch.randn(shape, generator=generator)
        if len(shape) == 1:
            norm = "ln_" in name and name.endswith("weight")
            values = 1 + 0.2 * values if norm else 0.2 * values
        elif "wte" in name or "tokens_embed" in name or name.startswith(("lm_head", "score")):
            values = 0.5 * values
        elif "wpe" in name or "positions_embed" in name:
            values = 0.7 * values  # strong positions keep greedy text from settling on one token
        elif "attn" in name and "proj" not in name:
            values = values * 1.5 / shape[0] ** 0.5
        else:
            values = values * 1.5 / min(shape) ** 0.5
        tensors[name] = values.to(dtype)
    return tensors


def random_ids(config, count, generator):
    pad = config.get("pad_token_id")
    ids = torch.randint(0, config["vocab_size"], (4 * count,), generator=generator).tolist()
    return [token for token in ids if token != pad][:count]


def expectations(config, tensors, seed):
    """expected.json's content and the logits to store; None where this seed makes a poor test."""
    checkpoint = Checkpoint(config, {name: tensor.double() for name, tensor in tensors.items()})
    generator = torch.Generator().manual_seed(seed + 1)
    if "score.weight" in tensors:
        rows = [random_ids(config, count, generator) for count in (1, 3, 15, 30, 64)]
        return {"rows": [{"ids": ids, "logits": classify(checkpoint, ids).tolist()} for ids in rows]}, None
    context = config.get("n_positions") or config["max_position_embeddings"]
    ids = random_ids(config, min(context, 80) if config["vocab_size"] < 200 else 48, generator)
    prompt = ids[:6]
    tokens, margin = greedy(checkpoint, prompt, min(200, context - len(prompt)))
    if margin < MARGIN or len(set(tokens)) < len(tokens) // 5:
        return None
    wanted = logits(checkpoint, ids)
    return {"seed": seed, "ids": ids, "shape": list(wanted.shape), "greedyPrompt": prompt, "greedy": tokens,
            "smallestMargin": margin}, wanted


def write_weights(folder, case, tensors):
    prefix = case.get("prefix", True)
    stored = {}
    for name, tensor in tensors.items():
        stored[f"transformer.{name}" if prefix and not name.startswith(("lm_head", "score")) else name] = tensor
    if not prefix:  # as in the first GPT-2 files on the hub, which also hold the causal mask of each layer
        T = case["config"]["n_positions"]
        for index in range(case["config"]["n_layer"]):
            stored[f"h.{index}.attn.bias"] = torch.ones(T, T).tril().view(1, 1, T, T)
    shards = case.get("shards", 1)
    if shards == 1:
        return write_safetensors(os.path.join(folder, "model.safetensors"), stored)
    names, weight_map = list(stored), {}
    for shard in range(shards):
        part = names[shard * len(names) // shards : (shard + 1) * len(names) // shards]
        file = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        write_safetensors(os.path.join(folder, file), {name: stored[name] for name in part})
        weight_map.update({name: file for name in part})
    total = sum(tensor.numel() * tensor.element_size() for tensor in stored.values())
    write_json(folder, "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})


def write_byte_tokenizer(folder):
    """All 256 bytes, three merges and <|endoftext|>: 260 entries, enough for any text."""
    merges = [("Ġ", "t"), ("h", "e"), ("Ġt", "he")]
    alphabet = byte_alphabet()
    tokens = [alphabet[byte] for byte in alphabet_order()] + [a + b for a, b in merges] + ["<|endoftext|>"]
    vocab = {token: index for index, token in enumerate(tokens)}
    write_tokenizer(folder, vocab, merges, ["<|endoftext|>"], "<|endoftext|>", 256)
    os.remove(os.path.join(folder, "tokenizer.json"))  # this case is loaded from vocab.json and merges.txt


def make(name, out):
    case, folder = CASES[name], os.path.join(out, name)
    for seed in range(case.get("first_seed", 1), 1000):
        tensors = random_tensors(case["config"], seed, DTYPES[case.get("dtype", "F32")])
        found = expectations(case["config"], tensors, seed)
        if found:
            break
    expected, wanted = found
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    write_json(folder, "config.json", case["config"])
    write_weights(folder, case, tensors)
    if case.get("tokenizer"):
        write_byte_tokenizer(folder)
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file)
        file.write("\n")
    if wanted is not None:
        wanted.float().numpy().astype("<f4").tofile(os.path.join(folder, "logits.f32"))
        again = logits(load_checkpoint(folder), expected["ids"])
        assert (again - wanted).abs().max() < 1e-9, "what was written is not what was computed"
        print(f"{name}: seed {seed}, smallest margin {expected['smallestMargin']:.4f}, "
              f"{len(set(expected['greedy']))} different tokens of {len(expected['greedy'])}, logits std {wanted.std():.2f}")
    else:
        print(f"{name}: seed {seed}, {len(expected['rows'])} rows")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=[])
    parser.add_argument("--out", default=DEFAULT_OUT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.cases or CASES:
        make(name, options.out)


if __name__ == "__main__":
    main()
