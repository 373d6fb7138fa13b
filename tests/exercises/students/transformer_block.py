# Answers to the practice of chapter 13, a block, as students write them. See gradients.py for the form.

# right
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    out = x.copy()
    out += attention(norm_1(x))
    out += feed_forward(norm_2(out))
    return out

# right
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    for part, norm in [(attention, norm_1), (feed_forward, norm_2)]:
        x = x + part(norm(x))
    return x

# right
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    a = attention(norm_1(x))
    f = feed_forward(norm_2(x + a))
    return (x + a + f).tolist()

# wrong: changes-input
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x += attention(norm_1(x))
    x += feed_forward(norm_2(x))
    return x

# wrong: post-norm
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = norm_1(x + attention(x))
    return norm_2(x + feed_forward(x))

# wrong: output normalised
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + norm_1(attention(x))
    return x + norm_2(feed_forward(x))

# wrong: the stream is normalised
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = norm_1(x)
    x = x + attention(x)
    x = norm_2(x)
    return x + feed_forward(x)

# wrong: no residual
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    return feed_forward(norm_2(attention(norm_1(x))))

# wrong: no residual
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    h = attention(norm_1(x))
    return h + feed_forward(norm_2(h))

# wrong: added to the input
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    h = x + attention(norm_1(x))
    return x + feed_forward(norm_2(h))

# wrong: side by side
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    return x + attention(norm_1(x)) + feed_forward(norm_2(x))

# wrong: one norm
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + attention(norm_1(x))
    x = x + feed_forward(norm_1(x))
    return x

# wrong: a norm left out
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + attention(norm_1(x))
    return x + feed_forward(x)

# wrong: normalised twice
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + attention(norm_1(x))
    x = x + feed_forward(norm_2(x))
    return norm_2(x)

# wrong: exception
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + attention @ norm_1(x)
    return x + feed_forward @ norm_2(x)

# wrong: ?
def pre_norm_block(x, attention, feed_forward, norm_1, norm_2):
    x = x + norm_1(attention(x))
    return x + feed_forward(norm_2(x))

# right
def block_costs(d_model, n_heads, hidden_size, T):
    attention = 4 * (d_model * d_model + d_model)
    network = d_model * hidden_size + hidden_size + hidden_size * d_model + d_model
    norms = 2 * (d_model + d_model)
    d_k = d_model // n_heads
    projections = 4 * 2 * T * d_model * d_model
    heads = n_heads * (2 * T * T * d_k + 2 * T * T * d_k)
    return attention + network + norms, projections + heads + 2 * 2 * T * d_model * hidden_size

# right
def block_costs(d_model, n_heads, hidden_size, T):
    block = torch.nn.TransformerEncoderLayer(d_model, n_heads, hidden_size)
    matrices = [p.numel() for p in block.parameters() if p.dim() == 2]
    return sum(p.numel() for p in block.parameters()), 2 * T * sum(matrices) + 4 * d_model * T**2

# right
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = np.int64(d_model), np.int64(hidden_size)
    return np.array([4 * D**2 + 2 * D * F + 9 * D + F, 2 * T * D * (4 * D + 2 * F + 2 * T)])

# wrong: no biases
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    return 4 * D * D + 2 * D * F + 4 * D, 2 * T * (4 * D * D + 2 * D * F) + 4 * T * T * D

# wrong: times the heads
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * D * D + 4 * D + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + n_heads * 4 * T * T * D

# wrong: W_o left out
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 3 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (3 * D * D + 2 * D * F) + 4 * T * T * D

# wrong: 4 d_model too few
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + 4 * T * T * D

# wrong: norms without biases
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 2 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + 4 * T * T * D

# wrong: multiplications alone
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, T * (4 * D * D + 2 * D * F) + 2 * T * T * D

# wrong: pairs left out
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F)

# wrong: pairs once
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + 2 * T * T * D

# wrong: matrices alone
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * parameters + 4 * T * T * D

# wrong: one position
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * (4 * D * D + 2 * D * F) + 4 * D

# wrong: pairs in one head
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + 4 * T * T * (D // n_heads)

# wrong: ?
def block_costs(d_model, n_heads, hidden_size, T):
    D, F = d_model, hidden_size
    parameters = 4 * (D * D + D) + 2 * D * F + F + D + 4 * D
    return parameters, 2 * T * (4 * D * D + 2 * D * F) + 4 * T * D
