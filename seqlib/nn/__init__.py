"""PyTorch modules that chapters train with, drop-in for torch.nn where torch.nn has the layer.

    RNN                    the recurrent network; its backward pass is the one derived in chapter 3
    LSTM                   long short-term memory, from chapter 5
    GRU                    the gated recurrent unit, from chapter 6
    SequenceModel          ids or vectors -> recurrent layer -> linear read-out at every step
    ConditionedModel       the same, told one vector: as first state, as first input, or at every step
    Attention              a weighted mean of what scores highest with a query
    EncoderDecoder         reads one sequence and writes another, with or without attention
    MultiHeadAttention     several attentions side by side, from chapter 13
    TransformerBlock       attention and a feed-forward network, on a residual stream
    TransformerEncoder     blocks on top of each other; TransformerDecoder, where no position knows a later one
    TransformerModel       ids or vectors -> blocks -> linear read-out at every step
    TransformerTranslator  reads one sequence and writes another
    from_torch             a Transformer of torch.nn, with its weights; to_torch; from_llama, to_llama, llama_options
    Bert                   an encoder with segments and a pooler, from chapter 14; from_bert, to_bert, bert_options
    BertForPretraining     the same with its two heads, trained by pretraining_loss; BertForClassification
    GPT                    a causal TransformerModel, made as GPT-2, from chapter 15; from_gpt2, to_gpt2, gpt2_options
    MinGRU, MinLSTM        gates that do not read the state, so the recurrence is a scan; from chapter 16
    DiagonalStateSpace     a linear equation at every step, and a convolution; SelectiveScan, where the input chooses it
    Mamba                  a selective scan with its convolution and gate; from_mamba, to_mamba, mamba_options
    LinearAttention        attention without softmax, whose state is a matrix; CausalConvolution
    RecurrentModel         ids or vectors -> blocks with any of these, a recurrent layer or attention -> read-out
    scan                   all states of a linear recurrence at once
    masked_softmax         the softmax over what a mask leaves
    padding_mask           who may attend to what, by the lengths of the sources; causal_mask, combined_mask
    open_gate              sets the bias with which a gate of an LSTM or a GRU starts

A new cell is its formula, its walk and its walk back; `seqlib.nn.recurrent` has the rest, and says how it is added.
"""

from seqlib.nn.attention import Attention, masked_softmax
from seqlib.nn.bert import Bert, BertForClassification, BertForPretraining, pretraining_loss
from seqlib.nn.bert_conversion import bert_options, from_bert, to_bert
from seqlib.nn.causal_convolution import CausalConvolution
from seqlib.nn.conditioned_model import ConditionedModel
from seqlib.nn.diagonal_state_space import DiagonalStateSpace
from seqlib.nn.encoder_decoder import EncoderDecoder
from seqlib.nn.gpt import GPT
from seqlib.nn.gpt_conversion import from_gpt2, gpt2_options, to_gpt2
from seqlib.nn.gru import GRU
from seqlib.nn.linear_attention import LinearAttention
from seqlib.nn.linear_recurrence import scan
from seqlib.nn.llama_conversion import from_llama, llama_options, to_llama
from seqlib.nn.lstm import LSTM
from seqlib.nn.mamba import Mamba
from seqlib.nn.mamba_conversion import from_mamba, mamba_options, to_mamba
from seqlib.nn.masks import causal_mask, combined_mask, padding_mask
from seqlib.nn.mingru import MinGRU
from seqlib.nn.minlstm import MinLSTM
from seqlib.nn.multi_head import MultiHeadAttention
from seqlib.nn.recurrent_model import RecurrentModel
from seqlib.nn.rnn import RNN
from seqlib.nn.selective_scan import SelectiveScan
from seqlib.nn.sequence_model import SequenceModel
from seqlib.nn.starts import open_gate
from seqlib.nn.transformer import TransformerDecoder, TransformerEncoder
from seqlib.nn.transformer_block import TransformerBlock
from seqlib.nn.transformer_conversion import from_torch, to_torch
from seqlib.nn.transformer_model import TransformerModel
from seqlib.nn.translator import TransformerTranslator

__all__ = [
    "GPT",
    "GRU",
    "LSTM",
    "RNN",
    "Attention",
    "Bert",
    "BertForClassification",
    "BertForPretraining",
    "CausalConvolution",
    "ConditionedModel",
    "DiagonalStateSpace",
    "EncoderDecoder",
    "LinearAttention",
    "Mamba",
    "MinGRU",
    "MinLSTM",
    "MultiHeadAttention",
    "RecurrentModel",
    "SelectiveScan",
    "SequenceModel",
    "TransformerBlock",
    "TransformerDecoder",
    "TransformerEncoder",
    "TransformerModel",
    "TransformerTranslator",
    "bert_options",
    "causal_mask",
    "combined_mask",
    "from_bert",
    "from_gpt2",
    "from_llama",
    "from_mamba",
    "from_torch",
    "gpt2_options",
    "llama_options",
    "mamba_options",
    "masked_softmax",
    "open_gate",
    "padding_mask",
    "pretraining_loss",
    "scan",
    "to_bert",
    "to_gpt2",
    "to_llama",
    "to_mamba",
    "to_torch",
]
