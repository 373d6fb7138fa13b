"""Every formula of the book in NumPy: float64, pure functions, forward and the backward pass derived by hand.

    rnn         the recurrent network and backpropagation through time
    lstm        the LSTM, with peepholes and coupled gates, and its Jacobians
    gru         the gated recurrent unit, in every published convention
    gru_conversion  its weights carried from one convention, or library, to another
    bidirectional  a cell that reads from the start and one that reads from the end; reversal, the summary vector
    stacked     layers of them on top of each other, with residual connections
    attention   the masked softmax, the context and the weights; attention_scores: how well a key answers a query
    attending_decoder  a decoder that reads what it attended to: attention before the step, and input feeding
    encoder_decoder  a sequence in, another one out, with or without attention; bridge: from one state to the other;
                encoder_decoder_conversion: its weights, as seqlib.nn has them
    transformer blocks of attention and a feed-forward network, encoder and decoder; multi_head: the attention of a
                block; feed_forward: its network, also SwiGLU; normalisation: layer and RMS; positions: sinusoids,
                rotations
    linear_recurrence  step by step and as a scan; input_gates, mingru, minlstm: whose gates do not read the state
    state_space diagonal state spaces and how they are discretised; diagonal_state_space, the same at all times;
                selective_scan, Mamba's; linear_attention: attention as a recurrence
    recurrence  the loop, the mask, the walk back and the truncation of every recurrent cell
    losses      squared error and cross-entropy
    optim       SGD, momentum, Adam, gradient clipping
    ngram       the window predictor, counted
    kneser_ney  an n-gram of any order, with interpolated Kneser–Ney smoothing, frozen and adaptive

A layer is a pair `forward(params, x, state) -> (out, cache)` and `backward(dout, cache) -> grads`. Parameters and their
gradients share one NamedTuple type. Complex input stays complex, so that `seqlib.gradcheck.complex_step` can run
through every forward pass. Nothing here imports PyTorch.
"""
