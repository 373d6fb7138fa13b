# Answers to the practice of chapter 13, heads, as students write them. See gradients.py for the form.

# right
def split_heads(x, n_heads):
    B, T, D = x.shape
    d = D // n_heads
    out = np.zeros((B, n_heads, T, d))
    for b in range(B):
        for i in range(n_heads):
            for t in range(T):
                out[b, i, t] = x[b, t, i * d : (i + 1) * d]
    return out

# right
def split_heads(x, n_heads):
    return np.array(np.split(x, n_heads, axis=-1)).transpose(1, 0, 2, 3)

# right
def split_heads(x, n_heads):
    B, T, D = x.shape
    return torch.tensor(x).view(B, T, n_heads, -1).transpose(1, 2)

# right
def split_heads(x, n_heads):
    B, T, D = x.shape
    columns = x.transpose(0, 2, 1).reshape(B, n_heads, D // n_heads, T)
    return columns.transpose(0, 1, 3, 2)

# wrong: reshaped at once
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, n_heads, T, D // n_heads)

# wrong: reshaped at once
def split_heads(x, n_heads):
    B, T, D = x.shape
    return torch.tensor(x).view(B, n_heads, T, -1)

# wrong: every nth feature
def split_heads(x, n_heads):
    B, T, D = x.shape
    return np.einsum("btdn->bntd", x.reshape(B, T, D // n_heads, n_heads))

# wrong: not swapped
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, T, n_heads, D // n_heads)

# wrong: heads first
def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    return [x[:, :, i * d : (i + 1) * d] for i in range(n_heads)]

# wrong: heads in the batch
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, T, n_heads, -1).transpose(0, 2, 1, 3).reshape(B * n_heads, T, -1)

# wrong: positions last
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, T, n_heads, -1).transpose(0, 2, 3, 1)

# wrong: positions last
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.transpose(0, 2, 1).reshape(B, n_heads, D // n_heads, T)

# wrong: d heads
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, T, D // n_heads, n_heads).swapaxes(1, 2)

# wrong: positions cut
def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=1), axis=1)

# wrong: one head
def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    for i in range(n_heads):
        return x[:, :, i * d : (i + 1) * d]

# wrong: all features
def split_heads(x, n_heads):
    return np.tile(x[:, None], (1, n_heads, 1, 1))

# wrong: the same head again
def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    return np.stack([x[:, :, :d] for i in range(n_heads)], axis=1)

# wrong: exception
def split_heads(x, n_heads):
    B, T, D = x.shape
    return x.reshape(B, T, n_heads, D)

# wrong: ?
def split_heads(x, n_heads):
    B, T, D = x.shape
    d = D // n_heads
    return np.stack([x[:, :, i : i + d] for i in range(n_heads)], axis=1)

# right
def causal_head(query, keys, values):
    B, T, d = query.shape
    context = np.zeros((B, T, values.shape[2]))
    weights = np.zeros((B, T, T))
    for b in range(B):
        for t in range(T):
            e = keys[b, : t + 1] @ query[b, t] / np.sqrt(d)
            p = np.exp(e - e.max())
            weights[b, t, : t + 1] = p / p.sum()
            context[b, t] = weights[b, t] @ values[b]
    return context, weights

# right
def causal_head(query, keys, values):
    e = np.einsum("btd,bsd->bts", query, keys) / math.sqrt(keys.shape[-1])
    weights = np.tril(np.exp(e))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("bts,bsd->btd", weights, values), weights

# right
def causal_head(query, keys, values):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    T = q.shape[1]
    e = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(torch.ones(T, T).triu(1).bool(), float("-inf"))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True), e.softmax(-1)

# right
def causal_head(query, keys, values):
    q = query.astype(np.float32) / np.sqrt(query.shape[-1], dtype=np.float32)
    e = q @ keys.astype(np.float32).transpose(0, 2, 1)
    e += np.triu(np.full(e.shape[1:], -1e9, dtype=np.float32), k=1)
    p = np.exp(e)
    weights = p / p.sum(-1)[..., None]
    return weights @ values.astype(np.float32), weights

# right
def causal_head(query, keys, values):
    e = query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    p = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    p = p * np.tri(e.shape[1])
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: not scaled
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1)))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: not scaled
def causal_head(query, keys, values):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    e = (q @ k.mT).masked_fill(torch.ones(q.shape[1], q.shape[1]).triu(1).bool(), -1e9)
    return e.softmax(-1) @ v, e.softmax(-1)

# wrong: divided by d_k
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / keys.shape[2]))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: another root
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / np.sqrt(len(keys[0]))))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: multiplied
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / keys.shape[2] ** -0.5))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: no mask
def causal_head(query, keys, values):
    e = torch.tensor(query @ keys.transpose(0, 2, 1)) / query.shape[-1] ** 0.5
    weights = e.softmax(-1).numpy()
    return weights @ values, weights

# wrong: mask after the softmax
def causal_head(query, keys, values):
    e = query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    weights = np.tril(np.exp(e) / np.exp(e).sum(-1, keepdims=True))
    return weights @ values, weights

# wrong: scored 0
def causal_head(query, keys, values):
    e = np.tril(query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1]))
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: mask turned over
def causal_head(query, keys, values):
    e = query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    weights = np.triu(np.exp(e))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: own position hidden
def causal_head(query, keys, values):
    e = query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    e = np.where(np.triu(np.ones(e.shape[1:])) == 1, -np.inf, e)
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: one ahead
def causal_head(query, keys, values):
    B, T, d = query.shape
    e = query @ keys.transpose(0, 2, 1) / np.sqrt(d)
    for t in range(T):
        e[:, t, t + 2 :] = -1e9
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: another axis
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ values, weights

# wrong: order
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights, weights @ values

# wrong: context alone
def causal_head(query, keys, values):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)

# wrong: not divided
def causal_head(query, keys, values):
    weights = np.tril(np.exp(query @ keys.transpose(0, 2, 1) / np.sqrt(query.shape[-1])))
    return weights @ values, weights

# wrong: exception
def causal_head(query, keys, values):
    weights = np.exp(query @ keys.T / np.sqrt(query.shape[-1]))
    return weights @ values, weights
