"""Exports llama_twin.py's checkpoint to the hub's Llama layout in bf16, and measures the exported file in PyTorch, in f32:

python3 export_llama_twin.py --work WORK [--data DIR] [--out ../fixtures/llama-twin]

pytorch.json, beside the weights, is what gptlet's engines must come to: the cross-entropy on the validation stories and the
log-probability of every token of a passage.
"""

import argparse
import json
import math
import os
import shutil

import torch
import torch.nn.functional as F

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA, VALID, read_documents
from llama import Llama, LlamaConfig
from safetensors_file import read_safetensors, write_safetensors
from tokenizer_files import write_json

# Written for this file, so that it is in none of the texts; it fits the context.
PASSAGE = """One day a small fox named Max went to the river with his friend Lily. The water was cold and blue. Max saw a red boat \
near the big tree. "Can we sit in the boat?" he asked. Lily looked at the boat and smiled. "Yes, but we must be careful," she said.

They sat in the boat and it began to move. Max was scared at first, but the sun was warm and the birds sang in the trees. Soon they came \
to a little house. An old bear opened the door and gave them soup and bread. They ate and told him about the river. Then it was late, \
so the bear took them home. Max hugged his mother and said, "I had the best day!" Lily laughed and waved, and they were happy."""


def hub_config(config, end_of_text):
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": end_of_text,
        "eos_token_id": end_of_text,
        "hidden_act": "silu",
        "hidden_size": config.hidden_size,
        "initializer_range": 0.02,
        "intermediate_size": config.intermediate_size,
        "max_position_embeddings": config.max_position_embeddings,
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": config.num_attention_heads,
        "num_hidden_layers": config.num_hidden_layers,
        "num_key_value_heads": config.num_key_value_heads,
        "pretraining_tp": 1,
        "rms_norm_eps": config.rms_norm_eps,
        "rope_scaling": None,
        "rope_theta": config.rope_theta,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.45.0",
        "use_cache": True,
        "vocab_size": config.vocab_size,
    }


def export(checkpoint, tokenizer, out):
    os.makedirs(out, exist_ok=True)
    tensors = {f"model.{name}": tensor.bfloat16() for name, tensor in checkpoint["model"].items()}
    write_safetensors(os.path.join(out, "model.safetensors"), tensors)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(os.path.join(tokenizer, name), os.path.join(out, name))
    vocab = ByteBpe(tokenizer).vocab
    end_of_text = vocab["<|endoftext|>"]
    write_json(out, "config.json", hub_config(LlamaConfig(**checkpoint["config"]), end_of_text))
    write_json(out, "generation_config.json", {
        "bos_token_id": end_of_text,
        "eos_token_id": [vocab[f"<|{name}|>"] for name in ("endoftext", "start", "delimiter", "extract")],
        "pad_token_id": end_of_text,
        "do_sample": True,
        "temperature": 0.7,
        "top_p": 0.9,
    })


def load(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    model = Llama(LlamaConfig(**{key: config[key] for key in LlamaConfig.__dataclass_fields__}))
    tensors = read_safetensors(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({name.removeprefix("model."): tensor.float() for name, tensor in tensors.items()})
    return model.eval(), config["bos_token_id"]


@torch.no_grad()
def log_probabilities(model, ids):
    """Of ids[1:], each given all before it in its window: windows of the context that move on by half of it, each counting
    what the one before did not reach (sdk/generation/scoring.ts)."""
    T = model.config.max_position_embeddings
    found, counted = [], 1
    for start in range(0, len(ids), T // 2):
        end = min(start + T, len(ids))
        if end > counted:
            window = torch.tensor([ids[start:end]])
            logits = model.logits(model.hidden(window[:, :-1]))[0]
            losses = F.cross_entropy(logits, window[0, 1:], reduction="none")
            found += (-losses[counted - start - 1 :]).tolist()
            counted = end
    return found


def held_out(model, tokenizer, begin, data):
    stories = [story.strip() for story in read_documents(data, VALID)]
    found = [log_probabilities(model, [begin, *tokenizer.encode(story)]) for story in stories]
    tokens, size = sum(map(len, found)), sum(len(story.encode("utf-8")) for story in stories)
    nats = -math.fsum(map(math.fsum, found))
    return {"file": os.path.basename(VALID), "documents": len(stories), "tokens": tokens, "bytes": size,
            "bitsPerByte": nats / math.log(2) / size, "perplexity": math.exp(nats / tokens)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", required=True)
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--tokenizer", default="../models/default")
    parser.add_argument("--out", default="../fixtures/llama-twin")
    options = parser.parse_args()

    checkpoint = torch.load(os.path.join(options.work, "llama-twin", "last.pt"), map_location="cpu")
    export(checkpoint, options.tokenizer, options.out)
    model, begin = load(options.out)
    tokenizer = ByteBpe(options.tokenizer)
    ids = [begin, *tokenizer.encode(PASSAGE)]
    assert len(ids) <= model.config.max_position_embeddings, len(ids)
    write_json(options.out, "pytorch.json", {
        "about": "What PyTorch computes in float32 of model.safetensors (training/export_llama_twin.py): natural logarithms, each token "
                 "given those before it, the first <|endoftext|>; texts longer than the context in windows that move on by half of it.",
        "torch": torch.__version__,
        "trained": {"steps": checkpoint["step"], "tokens": checkpoint["step"] * checkpoint["options"]["batch"] * model.config.n_positions,
                    "seconds": round(checkpoint["seconds"])},
        "heldOut": held_out(model, tokenizer, begin, options.data),
        "passage": {"text": PASSAGE, "ids": ids, "logProbabilities": [round(value, 6) for value in log_probabilities(model, ids)]},
    })


if __name__ == "__main__":
    main()
