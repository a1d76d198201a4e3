"""From the training model to the hub's GPT-2 layout: tensor names, orientation, config.json."""

import os
import shutil

import torch

from safetensors_file import write_safetensors
from tokenizer_files import write_json

TOKENIZER_FILES = ["vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]


def hub_tensors(state, dtype, head=False):
    """The hub's GPT-2 keeps Conv1D weights, (in,out), where nn.Linear keeps (out,in). The head is tied,
    so there is no lm_head.weight."""
    tensors = {"transformer.wte.weight": state["wte.weight"], "transformer.wpe.weight": state["wpe.weight"]}
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("blocks."))
    for layer in range(layers):
        ours, hub = f"blocks.{layer}.", f"transformer.h.{layer}."
        for source, target in [("ln_1", "ln_1"), ("attn.qkv", "attn.c_attn"), ("attn.proj", "attn.c_proj"),
                               ("ln_2", "ln_2"), ("mlp.fc", "mlp.c_fc"), ("mlp.proj", "mlp.c_proj")]:
            weight = state[f"{ours}{source}.weight"]
            tensors[f"{hub}{target}.weight"] = weight if weight.ndim == 1 else weight.t()
            tensors[f"{hub}{target}.bias"] = state[f"{ours}{source}.bias"]
    tensors["transformer.ln_f.weight"] = state["ln_f.weight"]
    tensors["transformer.ln_f.bias"] = state["ln_f.bias"]
    if head:
        tensors["score.weight"] = state["score.weight"]
    return {name: tensor.to(dtype).contiguous() for name, tensor in tensors.items()}


def hub_config(model, end_of_text, dtype, **more):
    """model: the fields of ModelConfig. Every field that the hub's GPT-2 reads is spelt out."""
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "vocab_size": model["vocab_size"],
        "n_positions": model["n_positions"],
        "n_ctx": model["n_positions"],
        "n_embd": model["n_embd"],
        "n_layer": model["n_layer"],
        "n_head": model["n_head"],
        "n_inner": None,
        "activation_function": "gelu_new",
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "layer_norm_epsilon": 1e-05,
        "initializer_range": 0.02,
        "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False,
        "reorder_and_upcast_attn": False,
        "tie_word_embeddings": True,
        "use_cache": True,
        "bos_token_id": end_of_text,
        "eos_token_id": end_of_text,
        "torch_dtype": "float16" if dtype == torch.float16 else "float32",
        **more,
    }


def export_classifier(folder, tokenizer, model, vocab, labels, config, inputs):
    """A …ForSequenceClassification folder in f16. config: further fields; inputs: further fields of `gptlet`, which
    says how texts become sequences (sdk/heads/input-format.ts)."""
    os.makedirs(folder, exist_ok=True)
    write_safetensors(os.path.join(folder, "model.safetensors"), hub_tensors(model.state_dict(), torch.float16, head=True))
    write_json(folder, "config.json", hub_config(
        model.config.as_dict(), vocab["<|endoftext|>"], torch.float16,
        architectures=["GPT2ForSequenceClassification"],
        pad_token_id=vocab["<|endoftext|>"],
        num_labels=len(labels),
        id2label={str(index): label for index, label in enumerate(labels)},
        label2id={label: index for index, label in enumerate(labels)},
        **config,
        gptlet={"startToken": "<|start|>", "delimiterToken": "<|delimiter|>", "extractToken": "<|extract|>", **inputs},
    ))
    copy_tokenizer(tokenizer, folder)


def copy_tokenizer(source, target):
    for name in TOKENIZER_FILES:
        shutil.copyfile(os.path.join(source, name), os.path.join(target, name))
