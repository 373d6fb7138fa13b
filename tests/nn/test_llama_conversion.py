"""Llama of Hugging Face, from configuration: the same numbers and gradients, and its weights both ways."""

import os
from types import MethodType

import pytest
import torch
from blocks import DOUBLE, block, drawn, model, sequence

from seqlib.nn import TransformerBlock, TransformerDecoder, TransformerModel, from_llama, llama_options, to_llama

NONE = {"bos_token_id": None, "eos_token_id": None}


@pytest.fixture(scope="module")
def llama():
    """The module of transformers that has Llama; it takes seconds to import."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.llama import modeling_llama

    return modeling_llama


def config(llama, **options):
    small = {"vocab_size": 11, "hidden_size": 24, "intermediate_size": 12, "num_hidden_layers": 2}
    small |= {"num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-3}
    return llama.LlamaConfig(**small | options, **NONE, attn_implementation="sdpa")


def in_double(module):
    """The module in float64: transformers takes norms and angles in float32 whatever the weights are, and here not."""

    def normed(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon))

    def turned(self, x, position_ids):
        base, size = self.config.rope_parameters["rope_theta"], self.config.head_dim
        order = torch.arange(0, size, 2, **DOUBLE)
        angles = position_ids[..., None].double() * base ** (-order / size)
        angles = torch.cat([angles, angles], -1)
        return angles.cos(), angles.sin()

    for part in module.modules():
        if type(part).__name__ == "LlamaRMSNorm":
            part.forward = MethodType(normed, part)
        if type(part).__name__ == "LlamaRotaryEmbedding":
            part.forward = MethodType(turned, part)
    return module.double()


OPTIONS = [
    {},
    {"num_key_value_heads": 4},
    {"num_key_value_heads": 1, "tie_word_embeddings": True},
    {"rope_parameters": {"rope_type": "default", "rope_theta": 50.0}},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_whole_model_is_the_same_with_its_gradients(llama, options):
    theirs = in_double(drawn(llama.LlamaForCausalLM(config(llama, **options))))
    ours = from_llama(theirs)
    assert isinstance(ours, TransformerModel)
    torch.manual_seed(0)
    ids = torch.randint(11, (3, 7))
    wanted, out = theirs(input_ids=ids).logits, ours(ids)[0]
    torch.testing.assert_close(out, wanted, rtol=1e-9, atol=1e-9)
    cotangent = torch.randn_like(out)
    for logits in (wanted, out):
        (logits * cotangent).sum().backward()
    with torch.no_grad():  # the gradients in the place of the weights go the same way
        for parameter in ours.parameters():
            parameter.copy_(parameter.grad)
    for name, gradient in to_llama(ours).items():
        torch.testing.assert_close(gradient, theirs.get_parameter(name).grad, rtol=1e-9, atol=1e-9, msg=name)


def test_step_by_step_it_is_what_their_cache_gives(llama):
    theirs = in_double(drawn(llama.LlamaForCausalLM(config(llama)))).eval()
    ours, state, cache = from_llama(theirs), None, None
    torch.manual_seed(0)
    ids = torch.randint(11, (3, 7))
    with torch.no_grad():
        for t in range(7):
            answer = theirs(input_ids=ids[:, t : t + 1], use_cache=True, **({"cache": cache} if cache else {}))
            cache = answer.past_key_values
            out, state = ours.step(ids[:, t], state)
            torch.testing.assert_close(out, answer.logits[:, 0], rtol=1e-9, atol=1e-9)
    assert state[0].keys.shape == (3, 2, 7, 6)


def test_one_block_and_the_stack_are_the_same(llama):
    theirs = in_double(drawn(llama.LlamaModel(config(llama))))
    stack, block = from_llama(theirs), from_llama(theirs.layers[1])
    assert isinstance(stack, TransformerDecoder)
    assert isinstance(block, TransformerBlock)
    x = sequence(D=24)[0]
    torch.testing.assert_close(stack(x), theirs(inputs_embeds=x).last_hidden_state, rtol=1e-9, atol=1e-9)
    angles = theirs.rotary_emb(x, torch.arange(7)[None])
    wanted = theirs.layers[1](x, position_embeddings=angles)
    torch.testing.assert_close(block(x, causal=True), wanted, rtol=1e-9, atol=1e-9)


def test_without_a_change_it_is_the_same_in_float32(llama):
    theirs = drawn(llama.LlamaForCausalLM(config(llama)))
    ids = torch.arange(11)[None]
    torch.testing.assert_close(from_llama(theirs)(ids)[0], theirs(input_ids=ids).logits, rtol=1e-4, atol=1e-4)


def test_the_way_back(llama):
    for options in OPTIONS:
        theirs = drawn(llama.LlamaForCausalLM(config(llama, **options)))
        ours = from_llama(theirs)
        again = llama.LlamaForCausalLM(llama.LlamaConfig(**llama_options(ours), **NONE))
        again.load_state_dict(to_llama(ours))
        for (name, weight), (other, wanted) in zip(again.named_parameters(), theirs.named_parameters(), strict=True):
            assert name == other
            assert torch.equal(weight, wanted)
        named = ("hidden_size", "num_key_value_heads", "rms_norm_eps", "rope_parameters", "tie_word_embeddings")
        for name in named:
            assert getattr(again.config, name) == getattr(theirs.config, name), name
    for kind, part in (("LlamaModel", theirs.model), ("LlamaDecoderLayer", theirs.model.layers[0])):
        ours = from_llama(part)
        given = llama.LlamaConfig(**llama_options(ours), **NONE)
        again = llama.LlamaModel(given) if kind == "LlamaModel" else llama.LlamaDecoderLayer(given, 0)
        left = again.load_state_dict(to_llama(ours), strict=False)
        assert left.missing_keys == (["embed_tokens.weight"] if kind == "LlamaModel" else [])
        assert not left.unexpected_keys


def test_what_has_no_counterpart_is_refused(llama):
    cases = [
        ({"attention_bias": True}, "module.config.attention_bias must be False"),
        ({"mlp_bias": True}, "module.config.mlp_bias must be False"),
        ({"hidden_act": "gelu"}, "module.config.hidden_act must be 'silu'"),
        ({"head_dim": 8}, "module.config.head_dim must be 6"),
        ({"attention_dropout": 0.1}, "module.config.attention_dropout must be 0.0"),
        (
            {"rope_parameters": {"rope_type": "linear", "rope_theta": 1e4, "factor": 2.0}},
            "module.config.rope_parameters must have rope_type 'default', got 'linear'",
        ),
    ]
    for options, message in cases:
        with pytest.raises(ValueError, match=message):
            from_llama(llama.LlamaForCausalLM(config(llama, **options)))
    apart = llama.LlamaForCausalLM(config(llama, tie_word_embeddings=True))
    apart.lm_head.weight = torch.nn.Parameter(apart.lm_head.weight + 1)
    with pytest.raises(ValueError, match="module must score words by their embedding"):
        from_llama(apart)
    with pytest.raises(
        TypeError, match="module must be a LlamaDecoderLayer, LlamaModel or LlamaForCausalLM, got Linear"
    ):
        from_llama(torch.nn.Linear(2, 2))


LLAMA = {"norm": "rms", "activation": "swiglu", "rotary": 100.0, "bias": False}
MODEL = {"positions": "rotary", "norm": "rms", "activation": "swiglu", "bias": False}


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"norm": "layer"}, "norm='rms'"),
        ({"activation": "relu"}, "activation='swiglu'"),
        ({"rotary": None}, "rotary"),
        ({"bias": True}, "bias=False"),
        ({"norm_first": False}, "norm_first"),
        ({"dropout": 0.1}, "dropout=0"),
        ({"source_size": 8}, "source_size=None"),
    ],
)
def test_a_block_that_is_no_llama_says_what_is_missing(options, missing):
    with pytest.raises(ValueError, match=f"module must have {missing} to be a Llama"):
        to_llama(block(**LLAMA | options))


def test_a_model_that_is_no_llama_says_why():
    assert llama_options(model(**MODEL))["vocab_size"] == 11
    with pytest.raises(ValueError, match="module must be causal, read ids, and have embedding_scale=1"):
        llama_options(model(**MODEL, causal=False))
    with pytest.raises(ValueError, match="module must be causal, read ids, and have embedding_scale=1"):
        llama_options(model(**MODEL, tied=True))
    with pytest.raises(ValueError, match="module must have n_out = vocab_size and no bias"):
        llama_options(TransformerModel(5, 4, 8, 2, 1, **MODEL))
    with pytest.raises(ValueError, match="module must have a final norm to be a Llama"):
        llama_options(model(**MODEL, final_norm=False))
    with pytest.raises(
        TypeError, match="module must be a TransformerBlock, a TransformerDecoder or a TransformerModel"
    ):
        llama_options(torch.nn.Linear(2, 2))
