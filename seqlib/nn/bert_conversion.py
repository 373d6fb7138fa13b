"""BERT of Hugging Face's transformers as modules of seqlib.nn, and back, with all their weights.

Modules are read by their names, so that transformers need not be installed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.nn.bert import Bert, BertForClassification, BertForPretraining

__all__ = ["bert_options", "from_bert", "to_bert"]

WHOLE = {"BertModel": "", "BertForPreTraining": "bert.", "BertForSequenceClassification": "bert."}
# ours -> theirs, of the parts that stand once
ENDS = {
    "words.weight": "embeddings.word_embeddings.weight",
    "places.weight": "embeddings.position_embeddings.weight",
    "segments.weight": "embeddings.token_type_embeddings.weight",
    "norm.weight": "embeddings.LayerNorm.weight",
    "norm.bias": "embeddings.LayerNorm.bias",
    "pooler.weight": "pooler.dense.weight",
    "pooler.bias": "pooler.dense.bias",
}
# ours -> theirs, of each block; attention's three projections are one matrix here
BLOCK = {
    "self_attn.out_proj": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "linear1": "intermediate.dense",
    "linear2": "output.dense",
    "norm2": "output.LayerNorm",
}
HEADS = {
    "transform.weight": "cls.predictions.transform.dense.weight",
    "transform.bias": "cls.predictions.transform.dense.bias",
    "norm.weight": "cls.predictions.transform.LayerNorm.weight",
    "norm.bias": "cls.predictions.transform.LayerNorm.bias",
    "bias": "cls.predictions.bias",
    "pair.weight": "cls.seq_relationship.weight",
    "pair.bias": "cls.seq_relationship.bias",
}
READOUT = {"readout.weight": "classifier.weight", "readout.bias": "classifier.bias"}


def from_bert(module: nn.Module) -> Any:
    """The same function of the same weights, as a module of seqlib.nn: a copy, which shares nothing.

        BertModel                       Bert
        BertForPreTraining              BertForPretraining
        BertForSequenceClassification   BertForClassification

    Their attention_mask is `mask` as a boolean, their token_type_ids are `segments`. The scores of a pair stay in
    their order: 0 for two sentences that belong together, where BertForPretraining is trained with 1.

    Raises:  TypeError naming module for another one; ValueError naming what of it has no counterpart
    Differs: with dropout, seqlib has it after gelu too; the probabilities are one number. In transformers the vector of
             pad_token_id, 0 as a rule, has no gradient from where it is read; here every word has one
    Book:    chapters/14_bert
    """
    kind = type(module).__name__
    if kind not in WHOLE:
        raise TypeError(f"module must be a {', '.join(WHOLE)}, got {kind}")
    given: Any = module
    prefix, config = WHOLE[kind], given.config
    weights = module.state_dict()
    _check_config(config, weights, prefix)
    weight = next(module.parameters())
    bert = Bert(
        config.vocab_size,
        config.hidden_size,
        config.num_attention_heads,
        config.num_hidden_layers,
        config.intermediate_size,
        longest=config.max_position_embeddings,
        n_segments=config.type_vocab_size,
        dropout=config.hidden_dropout_prob,
        eps=config.layer_norm_eps,
        start=config.initializer_range,
        device=weight.device,
        dtype=weight.dtype,
    )
    found = {ours: weights[prefix + theirs] for ours, theirs in ENDS.items()}
    for i in range(config.num_hidden_layers):
        here, there = f"core.layers.{i}.", f"{prefix}encoder.layer.{i}."
        for part in ("weight", "bias"):
            rows = [weights[f"{there}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            found[f"{here}self_attn.in_proj_{part}"] = torch.cat(rows)
            found |= {f"{here}{ours}.{part}": weights[f"{there}{theirs}.{part}"] for ours, theirs in BLOCK.items()}
    bert.load_state_dict(found)
    if kind == "BertModel":
        return bert.train(module.training)
    made: BertForPretraining | BertForClassification
    if kind == "BertForPreTraining":
        made, more = BertForPretraining(bert), HEADS
    else:
        given_dropout = config.classifier_dropout
        made, more = BertForClassification(bert, n_classes=given.num_labels, head_dropout=given_dropout), READOUT
    made.load_state_dict({ours: weights[theirs] for ours, theirs in more.items()}, strict=False)
    return made.train(module.training)


def to_bert(module: nn.Module) -> dict[str, Tensor]:
    """The weights under the names of transformers, a state_dict for what `from_bert` reads: the way back.

        model = BertModel(BertConfig(**bert_options(module)))      model.load_state_dict(to_bert(module))

    Raises:  TypeError naming module, as `bert_options`
    Book:    chapters/14_bert
    """
    bert, prefix = _of(module), "" if isinstance(module, Bert) else "bert."
    weights = {name: value.detach() for name, value in bert.state_dict().items()}
    found = {prefix + theirs: weights[ours] for ours, theirs in ENDS.items()}
    for i in range(len(bert.core.blocks)):
        here, there = f"core.layers.{i}.", f"{prefix}encoder.layer.{i}."
        for part in ("weight", "bias"):
            rows = weights[f"{here}self_attn.in_proj_{part}"].chunk(3)
            names = [f"{there}attention.self.{name}.{part}" for name in ("query", "key", "value")]
            found |= dict(zip(names, rows, strict=True))
            found |= {f"{there}{theirs}.{part}": weights[f"{here}{ours}.{part}"] for ours, theirs in BLOCK.items()}
    heads = HEADS if isinstance(module, BertForPretraining) else {} if isinstance(module, Bert) else READOUT
    own = module.state_dict()
    found |= {theirs: own[ours].detach() for ours, theirs in heads.items()}
    if isinstance(module, BertForPretraining):  # theirs are there twice, and are one
        found["cls.predictions.decoder.weight"] = weights["words.weight"]
        found["cls.predictions.decoder.bias"] = own["bias"].detach()
    return found


def bert_options(module: nn.Module) -> dict[str, Any]:
    """The arguments of a BertConfig for a module of this shape.

    Raises:  TypeError naming module for one that is no Bert, BertForPretraining or BertForClassification
    Book:    chapters/14_bert
    """
    bert = _of(module)
    block = bert.core.blocks[0]
    V, d_model = bert.words.weight.shape
    found = {
        "vocab_size": V,
        "hidden_size": d_model,
        "num_hidden_layers": len(bert.core.blocks),
        "num_attention_heads": block.self_attn.n_heads,
        "intermediate_size": block.linear1.out_features,
        "max_position_embeddings": bert.places.num_embeddings,
        "type_vocab_size": bert.segments.num_embeddings,
        "hidden_dropout_prob": bert.dropout,
        "attention_probs_dropout_prob": bert.dropout,
        "layer_norm_eps": bert.norm.eps,
        "initializer_range": bert.start,
    }
    if isinstance(module, BertForClassification):
        found |= {"num_labels": module.readout.out_features, "classifier_dropout": module.head_dropout}
    return found


def _of(module: nn.Module) -> Bert:
    if isinstance(module, BertForPretraining | BertForClassification):
        return module.bert
    if isinstance(module, Bert):
        return module
    raise TypeError(f"module must be a Bert, BertForPretraining or BertForClassification, got {type(module).__name__}")


def _check_config(config: Any, weights: dict[str, Tensor], prefix: str) -> None:
    wanted = {
        "hidden_act": "gelu",
        "is_decoder": False,
        "add_cross_attention": False,
        "attention_probs_dropout_prob": config.hidden_dropout_prob,
    }
    for name, value in wanted.items():
        if getattr(config, name) != value:
            raise ValueError(f"module.config.{name} must be {value!r} to be converted, got {getattr(config, name)!r}")
    for name, own in (("weight", "bert.embeddings.word_embeddings.weight"), ("bias", "cls.predictions.bias")):
        twin = weights.get(f"cls.predictions.decoder.{name}")
        if twin is not None and not torch.equal(twin, weights[own]):
            raise ValueError(f"module must score words by their embedding: its decoder has a {name} of its own")
    if f"{prefix}pooler.dense.weight" not in weights:
        raise ValueError("module must have a pooler to be converted: build it with add_pooling_layer=True")
