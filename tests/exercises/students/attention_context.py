# Answers to the practice of chapter 12, contexts, as students write them. See gradients.py for the form.

# right
def attend(query, keys, values, lengths):
    context = np.zeros((*query.shape[:2], values.shape[2]))
    weights = np.zeros((*query.shape[:2], keys.shape[1]))
    for b, n in enumerate(lengths):
        for t in range(query.shape[1]):
            p = np.exp(keys[b, :n] @ query[b, t])
            weights[b, t, :n] = p / p.sum()
            for s in range(n):
                context[b, t] += weights[b, t, s] * values[b, s]
    return context, weights

# right
def attend(query, keys, values, lengths):
    e = np.einsum("btd,bsd->bts", query, keys)
    mask = np.arange(keys.shape[1])[None, None, :] < lengths[:, None, None]
    p = np.exp(e) * mask
    weights = p / p.sum(-1, keepdims=True)
    return np.einsum("bts,bsd->btd", weights, values), weights

# right
def attend(query, keys, values, lengths):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    mask = torch.arange(k.shape[1]) < torch.tensor(lengths)[:, None]
    e = torch.bmm(q, k.transpose(1, 2)).masked_fill(~mask.unsqueeze(1), -1e9)
    weights = torch.softmax(e, -1)
    context = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None], scale=1.0)
    return context, weights

# right
def attend(query, keys, values, lengths):
    q, k, v = (x.astype(np.float32) for x in (query, keys, values))
    weights = []
    for b, n in enumerate(lengths):
        p = np.exp(q[b] @ k[b, :n].T)
        p /= p.sum(1, keepdims=True)
        weights.append(np.pad(p, ((0, 0), (0, k.shape[1] - n))))
    weights = np.array(weights)
    return [weights @ v, weights]

# wrong: padding attended to
def attend(query, keys, values, lengths):
    weights = torch.softmax(torch.tensor(query @ keys.transpose(0, 2, 1)), -1).numpy()
    return weights @ values, weights

# wrong: padding scored 0
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    for b, n in enumerate(lengths):
        e[b, :, n:] = 0
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: not renormalised
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    for b, n in enumerate(lengths):
        weights[b, :, n:] = 0
    return weights @ values, weights

# wrong: mask along the queries
def attend(query, keys, values, lengths):
    mask = np.arange(keys.shape[1]) < lengths[:, None]
    e = np.where(mask, query @ keys.transpose(0, 2, 1), -1e9)
    p = np.exp(e)
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: queries masked
def attend(query, keys, values, lengths):
    mask = np.arange(query.shape[1])[:, None] < lengths[:, None, None]
    p = np.where(mask, np.exp(query @ keys.transpose(0, 2, 1)), 0)
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: queries masked
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    for b, n in enumerate(lengths):
        e[b, n:] = -1e9
    weights = torch.softmax(torch.tensor(e), -1).numpy()
    return weights @ values, weights

# wrong: another axis
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    for b, n in enumerate(lengths):
        e[b, :, n:] = -1e9
    weights = torch.softmax(torch.tensor(e), dim=1).numpy()
    return weights @ values, weights

# wrong: another axis
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    p = np.exp(e) * (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    weights = p / p.sum(axis=1, keepdims=True)
    return weights @ values, weights

# wrong: scaled
def attend(query, keys, values, lengths):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    mask = (torch.arange(k.shape[1]) < torch.tensor(lengths)[:, None])[:, None]
    e = (q @ k.transpose(1, 2) / k.shape[-1] ** 0.5).masked_fill(~mask, -1e9)
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask), torch.softmax(e, -1)

# wrong: keys for values
def attend(query, keys, values, lengths):
    mask = (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    p = np.exp(query @ keys.transpose(0, 2, 1)) * mask
    weights = p / p.sum(-1, keepdims=True)
    return weights @ keys, weights

# wrong: order
def attend(query, keys, values, lengths):
    mask = (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    p = np.exp(query @ keys.transpose(0, 2, 1)) * mask
    weights = p / p.sum(-1, keepdims=True)
    return weights, weights @ values

# wrong: scores for weights
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    mask = (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    p = np.exp(e) * mask
    return (p / p.sum(-1, keepdims=True)) @ values, e

# wrong: no softmax
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    for b, n in enumerate(lengths):
        e[b, :, n:] = 0
    return e @ values, e

# wrong: context alone
def attend(query, keys, values, lengths):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    mask = (torch.arange(k.shape[1]) < torch.tensor(lengths)[:, None])[:, None]
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0)

# wrong: one too many
def attend(query, keys, values, lengths):
    mask = (np.arange(keys.shape[1]) <= lengths[:, None])[:, None]
    p = np.exp(query @ keys.transpose(0, 2, 1)) * mask
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: one length for all
def attend(query, keys, values, lengths):
    e = query @ keys.transpose(0, 2, 1)
    e[:, :, max(lengths) :] = -1e9
    weights = np.exp(e) / np.exp(e).sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: mean
def attend(query, keys, values, lengths):
    mask = (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    p = np.exp(query @ keys.transpose(0, 2, 1)) * mask
    weights = p / p.sum(-1, keepdims=True)
    return (weights[..., None] * values[:, None]).mean(2), weights

# wrong: exception
def attend(query, keys, values, lengths):
    p = np.exp(query @ keys.T)
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: ?
def attend(query, keys, values, lengths):
    e = -((query[:, :, None] - keys[:, None]) ** 2).sum(-1)
    p = np.exp(e) * (np.arange(keys.shape[1]) < lengths[:, None])[:, None]
    weights = p / p.sum(-1, keepdims=True)
    return weights @ values, weights

# wrong: scaled
def attend(query, keys, values, lengths):
    q, k, v = (torch.tensor(x) for x in (query, keys, values))
    mask = (torch.arange(k.shape[1]) < torch.tensor(lengths)[:, None])[:, None]
    weights = torch.softmax((q @ k.mT).masked_fill(~mask, -torch.inf), -1)
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask), weights

# wrong: not divided
def attend(query, keys, values, lengths):
    weights = np.exp(query @ keys.transpose(0, 2, 1))
    for b, n in enumerate(lengths):
        weights[b, :, n:] = 0
    return weights @ values, weights

# wrong: ?
def attend(query, keys, values, lengths):
    mask = (np.arange(keys.shape[1]) > lengths[:, None])[:, None]
    e = np.where(mask, query @ keys.transpose(0, 2, 1), -1e9)
    weights = torch.softmax(torch.tensor(e), -1).numpy()
    return weights @ values, weights
