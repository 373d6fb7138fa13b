# Answers to the practice of chapter 15, the size of a GPT, as students write them. See gradients.py for the form.

# right
def gpt_size(V, T, d, heads, hidden, layers):
    attention = 4 * (d * d + d)
    feed_forward = d * hidden + hidden + hidden * d + d
    norms = 2 * (d + d)
    return V * d + T * d + layers * (attention + feed_forward + norms) + 2 * d

# right
def gpt_size(V, T, d, heads, hidden, layers):
    block = [(d, 3 * d), (3 * d,), (d, d), (d,), (d, hidden), (hidden,), (hidden, d), (d,)] + 4 * [(d,)]
    shapes = [(V, d), (T, d), (d,), (d,)] + layers * block
    return sum(math.prod(shape) for shape in shapes)

# right
def gpt_size(V, T, d, heads, hidden, layers):
    d_k = d // heads
    of_a_head = 3 * (d_k * d + d_k) + d * d_k
    block = heads * of_a_head + d + 2 * d * hidden + hidden + d + 4 * d
    return np.int64(V * d) + T * d + layers * block + 2 * d

# right
def gpt_size(V, T, d, heads, hidden, layers):
    net = torch.nn.TransformerEncoder(
        torch.nn.TransformerEncoderLayer(d, heads, hidden, norm_first=True, device="meta"),
        layers,
        norm=torch.nn.LayerNorm(d, device="meta"),
        enable_nested_tensor=False,
    )
    return (V + T) * d + sum(p.numel() for p in net.parameters())

# right
def gpt_size(V, T, d, heads, hidden, layers):
    return float((V + T + 2) * d + layers * (4 * d**2 + 9 * d + 2 * d * hidden + hidden))

# wrong: read-out of its own
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d
    return V * d + T * d + layers * block + 2 * d + d * V

# wrong: read-out with a bias
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d
    return V * d + T * d + layers * block + 2 * d + d * V + V

# wrong: no positions
def gpt_size(V, T, d, heads, hidden, layers):
    return V * d + layers * (4 * d**2 + 9 * d + 2 * d * hidden + hidden) + 2 * d

# wrong: no biases
def gpt_size(V, T, d, heads, hidden, layers):
    return (V + T) * d + layers * (4 * d**2 + 2 * d * hidden + 4 * d) + 2 * d

# wrong: no bias of queries, keys, values
def gpt_size(V, T, d, heads, hidden, layers):
    block = 3 * d * d + d * d + d + d * hidden + hidden + hidden * d + d + 4 * d
    return (V + T) * d + layers * block + 2 * d

# wrong: a bias of d
def gpt_size(V, T, d, heads, hidden, layers):
    block = 3 * (d * d + d) + d * d + d * hidden + hidden + hidden * d + d + 4 * d
    return (V + T) * d + layers * block + 2 * d

# wrong: biases of the layer
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * (d * hidden + hidden) + 4 * d
    return (V + T) * d + layers * block + 2 * d

# wrong: four times d too few
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d
    return (V + T) * d + layers * block + 2 * d

# wrong: no norms
def gpt_size(V, T, d, heads, hidden, layers):
    return (V + T) * d + layers * (4 * (d * d + d) + 2 * d * hidden + hidden + d)

# wrong: gain alone
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d + 2 * d
    return (V + T) * d + layers * block + d

# wrong: last norm
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d
    return (V + T) * d + layers * block

# wrong: one block
def gpt_size(V, T, d, heads, hidden, layers):
    block = 4 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d
    return (V + T) * d + block + 2 * d

# wrong: times heads
def gpt_size(V, T, d, heads, hidden, layers):
    attention = heads * 4 * (d * d + d)
    return (V + T) * d + layers * (attention + 2 * d * hidden + hidden + d + 4 * d) + 2 * d

# wrong: one head's share
def gpt_size(V, T, d, heads, hidden, layers):
    d_k = d // heads
    attention = 3 * d * d_k + d * d + 4 * d
    return (V + T) * d + layers * (attention + 2 * d * hidden + hidden + d + 4 * d) + 2 * d

# wrong: no output matrix
def gpt_size(V, T, d, heads, hidden, layers):
    return (V + T) * d + layers * (3 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d) + 2 * d

# wrong: four times d
def gpt_size(V, T, d, heads, hidden, layers):
    return (V + T) * d + layers * (12 * d**2 + 13 * d) + 2 * d

# wrong: ?
def gpt_size(V, T, d, heads, hidden, layers):
    return 12 * layers * d**2

# wrong: ?
def gpt_size(V, T, d, heads, hidden, layers):
    return str((V + T + 2) * d + layers * (4 * d**2 + 9 * d + 2 * d * hidden + hidden))

# wrong: exception
def gpt_size(V, T, d, heads, hidden, layers):
    return sum((V * d, T * d, layers * (4 * d**2 + 9 * d), 2 * d).values())
