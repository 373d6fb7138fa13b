# Answers to the practice of chapter 12, a decoder's step, as students write them. See gradients.py for the form.

# right
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    new, weights, out = [], [], []
    for b in range(len(s)):
        state = np.tanh(W_ss @ s[b] + u[b])
        e = np.array([state @ W_a @ k for k in keys[b]])
        p = np.exp(e) * mask[b]
        p = p / p.sum()
        context = sum(weight * k for weight, k in zip(p, keys[b]))
        new.append(state)
        weights.append(p)
        out.append(np.tanh(W_c @ np.concatenate([context, state])))
    return new, weights, out

# right
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    e = ((s @ W_a)[:, None] @ keys.transpose(0, 2, 1))[:, 0]
    e = np.where(mask, e, -1e9)
    p = np.exp(e - e.max(axis=1, keepdims=True))
    weights = p / p.sum(axis=1, keepdims=True)
    context = (weights[:, :, None] * keys).sum(axis=1)
    return s, weights, np.tanh(np.hstack([context, s]) @ W_c.T)

# right
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s, u, keys, W_ss, W_a, W_c = (torch.tensor(x).float() for x in (s, u, keys, W_ss, W_a, W_c))
    s = torch.tanh(torch.nn.functional.linear(s, W_ss) + u)
    e = torch.bmm(keys, (s @ W_a).unsqueeze(2)).squeeze(2)
    weights = e.masked_fill(~torch.tensor(mask), -torch.inf).softmax(-1)
    context = torch.bmm(weights.unsqueeze(1), keys).squeeze(1)
    return s, weights, torch.tanh(torch.cat([context, s], -1) @ W_c.T)

# right
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    Dk = keys.shape[-1]
    s = np.tanh(np.einsum("ij,bj->bi", W_ss, s) + u)
    p = np.exp(np.einsum("bh,hd,bsd->bs", s, W_a, keys)) * mask
    weights = p / p.sum(1)[:, None]
    context = np.einsum("bs,bsd->bd", weights, keys)
    return s, weights, np.tanh(context @ W_c[:, :Dk].T + s @ W_c[:, Dk:].T)

# wrong: asked with the state before
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    p = np.exp(np.einsum("bh,hd,bsd->bs", s, W_a, keys)) * mask
    weights = p / p.sum(1, keepdims=True)
    context = np.einsum("bs,bsd->bd", weights, keys)
    s = np.tanh(s @ W_ss.T + u)
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: combined with the state before
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    new = np.tanh(s @ W_ss.T + u)
    p = np.exp(np.einsum("bh,hd,bsd->bs", new, W_a, keys)) * mask
    weights = p / p.sum(1, keepdims=True)
    context = np.einsum("bs,bsd->bd", weights, keys)
    return new, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: order in W_c
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp(np.einsum("bh,hd,bsd->bs", s, W_a, keys)) * mask
    weights = p / p.sum(1, keepdims=True)
    context = np.einsum("bs,bsd->bd", weights, keys)
    return s, weights, np.tanh(np.concatenate([s, context], -1) @ W_c.T)

# wrong: no tanh at the end
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp(np.einsum("bh,hd,bsd->bs", s, W_a, keys)) * mask
    weights = p / p.sum(1, keepdims=True)
    context = np.einsum("bs,bsd->bd", weights, keys)
    return s, weights, np.concatenate([context, s], -1) @ W_c.T

# wrong: not transposed
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss + u)
    p = np.exp(np.einsum("bh,hd,bsd->bs", s, W_a, keys)) * mask
    weights = p / p.sum(1, keepdims=True)
    context = np.einsum("bs,bsd->bd", weights, keys)
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: W_a left out
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ s[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: W_a transposed
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a.T)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: mask not used
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0])
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: not renormalised
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0])
    weights = p / p.sum(1, keepdims=True) * mask
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: mask turned over
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    e = torch.tensor((keys @ (s @ W_a)[:, :, None])[:, :, 0])
    weights = e.masked_fill(torch.tensor(mask), -torch.inf).softmax(-1).numpy()
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: another axis
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(0)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: context returned
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    return s, weights, (weights[:, None] @ keys)[:, 0]

# wrong: fed back
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    s = np.tanh(np.concatenate([context, s], -1) @ W_c.T)
    return s, weights, s

# wrong: order
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    return s, np.tanh(np.concatenate([context, s], -1) @ W_c.T), weights

# wrong: exception
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp(keys @ (s @ W_a)) * mask
    weights = p / p.sum(1, keepdims=True)
    return s, weights, np.tanh(np.concatenate([weights @ keys, s]) @ W_c.T)

# wrong: ?
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    weights = p / p.sum(1, keepdims=True)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, 1 / (1 + np.exp(-np.concatenate([context, s], -1) @ W_c.T))

# wrong: not divided
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    weights = np.exp((keys @ (s @ W_a)[:, :, None])[:, :, 0]) * mask
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)

# wrong: not transposed
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s, u, keys, W_ss, W_a, W_c = (torch.tensor(x) for x in (s, u, keys, W_ss, W_a, W_c))
    s = torch.tanh(s @ W_ss.T + u)
    e = (keys @ (s @ W_a)[:, :, None])[:, :, 0]
    weights = e.masked_fill(~torch.tensor(mask), -torch.inf).softmax(-1)
    context = (weights[:, None] @ keys)[:, 0]
    return s, weights, torch.tanh(torch.cat([context, s], -1) @ W_c)

# wrong: mean
def luong_step(s, u, keys, mask, W_ss, W_a, W_c):
    s = np.tanh(s @ W_ss.T + u)
    p = np.exp(np.einsum("bd,bid->bi", s @ W_a, keys)) * mask
    weights = p / p.sum(-1, keepdims=True)
    context = (weights[:, :, None] * keys).mean(1)
    return s, weights, np.tanh(np.concatenate([context, s], -1) @ W_c.T)
