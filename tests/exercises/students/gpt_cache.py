# Answers to the practice of chapter 15, a step with a cache, as students write them. See gradients.py for the form.

# right
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    B, D = x.shape
    d = D // n_heads
    q = x @ W_q.T
    K = np.concatenate([K, (x @ W_k.T)[:, None, :]], axis=1)
    V = np.concatenate([V, (x @ W_v.T)[:, None, :]], axis=1)
    out = np.zeros((B, D))
    for b in range(B):
        for h in range(n_heads):
            mine = slice(h * d, (h + 1) * d)
            e = K[b, :, mine] @ q[b, mine] / np.sqrt(d)
            p = np.exp(e - e.max())
            out[b, mine] = p / p.sum() @ V[b, :, mine]
    return out, K, V

# right
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    x, K, V, W_q, W_k, W_v = (torch.tensor(a) for a in (x, K, V, W_q, W_k, W_v))
    linear = torch.nn.functional.linear
    q = linear(x, W_q).unsqueeze(1)
    K = torch.cat([K, linear(x, W_k).unsqueeze(1)], 1)
    V = torch.cat([V, linear(x, W_v).unsqueeze(1)], 1)
    q, k, v = (y.unflatten(-1, (n_heads, -1)).transpose(1, 2) for y in (q, K, V))
    out = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    return out.transpose(1, 2).flatten(1), K, V

# right
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.append(K, (x @ W_k.T)[:, np.newaxis], axis=1)
    V = np.append(V, np.einsum("ij,bj->bi", W_v, x)[:, np.newaxis], axis=1)
    B, S, D = K.shape
    q = (W_q @ x.T).T.reshape(B, n_heads, -1)
    k, v = K.reshape(B, S, n_heads, -1), V.reshape(B, S, n_heads, -1)
    p = np.exp(np.einsum("bhd,bshd->bhs", q, k) / math.sqrt(D // n_heads))
    p /= p.sum(-1, keepdims=True)
    return np.einsum("bhs,bshd->bhd", p, v).reshape(B, D), K, V

# right
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    x = x.astype(np.float32)
    K = np.concatenate((K, np.expand_dims(x @ W_k.T, 1)), 1).astype(np.float32)
    V = np.concatenate((V, np.expand_dims(x @ W_v.T, 1)), 1).astype(np.float32)
    outs = []
    for q, k, v in zip(*(np.split(y, n_heads, axis=-1) for y in (x @ W_q.T.astype(np.float32), K, V))):
        e = (k @ q[:, :, None])[..., 0] * q.shape[-1] ** -0.5
        p = np.exp(e)
        outs.append(((p / p.sum(1, keepdims=True))[..., None] * v).sum(1))
    return np.concatenate(outs, -1), K, V

# wrong: own left out
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    e = q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads)
    p = np.exp(e)
    p = p / p.sum(-1, keepdims=True)
    out = (p @ v).swapaxes(1, 2).reshape(B, D)
    if S == 0:
        out = out * np.nan
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    return out, K, np.concatenate([V, (x @ W_v.T)[:, None]], 1)

# wrong: no scale
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: scale of D
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: one head
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    q = x @ W_q.T
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    e = np.einsum("bd,bsd->bs", q, K) / np.sqrt(x.shape[1] / n_heads)
    p = np.exp(e - e.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True)
    return np.einsum("bs,bsd->bd", p, V), K, V

# wrong: every nth feature
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    q = x @ W_q.T
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    out = np.zeros(x.shape)
    for h in range(n_heads):
        e = np.einsum("bd,bsd->bs", q[:, h::n_heads], K[:, :, h::n_heads]) / np.sqrt(x.shape[1] // n_heads)
        p = np.exp(e)
        p = p / p.sum(1, keepdims=True)
        out[:, h::n_heads] = np.einsum("bs,bsd->bd", p, V[:, :, h::n_heads])
    return out, K, V

# wrong: heads mixed
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, n_heads, -1, D // n_heads) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).reshape(B, D), K, V

# wrong: turned
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: over the heads
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: of keys
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ k).swapaxes(1, 2).reshape(B, D), K, V

# wrong: in front
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.insert(K, 0, x @ W_k.T, axis=1)
    V = np.insert(V, 0, x @ W_v.T, axis=1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: old cache returned
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    keys = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    values = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = keys.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, keys, values))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: new ones alone
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    new_k, new_v = x @ W_k.T, x @ W_v.T
    K = np.concatenate([K, new_k[:, None]], 1)
    V = np.concatenate([V, new_v[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), new_k, new_v

# wrong: context alone
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D)

# wrong: tokens in the cache
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, x[:, None]], 1)
    V = np.concatenate([V, x[:, None]], 1)
    B, S, D = K.shape
    q, k, v = (y.reshape(B, -1, n_heads, D // n_heads).swapaxes(1, 2) for y in (x @ W_q.T, K, V))
    p = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads))
    p = p / p.sum(-1, keepdims=True)
    return (p @ v).swapaxes(1, 2).reshape(B, D), K, V

# wrong: exception
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, x @ W_k.T], 1)
    V = np.concatenate([V, x @ W_v.T], 1)
    return x, K, V

# wrong: ?
def cached_step(x, K, V, W_q, W_k, W_v, n_heads):
    K = np.concatenate([K, (x @ W_k.T)[:, None]], 1)
    V = np.concatenate([V, (x @ W_v.T)[:, None]], 1)
    return V.mean(1), K, V
