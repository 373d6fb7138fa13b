# More answers to the practice of chapter 7, both directions, from one who did it. See gradients.py for the form.

# right
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.concatenate([out[b, n - 1, :H], out[b, 0, H:]]) for b, n in enumerate(lengths)])

# right
def sentence_vector(out, lengths):
    f, b = np.split(out, 2, axis=-1)
    last = f[range(len(lengths)), [n - 1 for n in lengths]]
    return np.hstack([last, b[:, 0]])

# right
def sentence_vector(out, lengths):
    out = torch.as_tensor(out)
    H = out.shape[-1] // 2
    idx = torch.tensor(lengths).view(-1, 1, 1).expand(-1, 1, H) - 1
    last = out[:, :, :H].gather(1, idx).squeeze(1)
    return torch.cat([last, out[:, 0, H:]], -1)

# right
def sentence_vector(out, lengths):
    rows = []
    for o, n in zip(out, lengths):
        half = len(o[0]) // 2
        rows.append(list(o[n - 1][:half]) + list(o[0][half:]))
    return rows

# right
def sentence_vector(out, lengths):
    B, T, W = out.shape
    r = np.zeros((B, W), dtype=np.float32)
    for b in range(B):
        r[b, : W // 2] = out[b, lengths[b] - 1, : W // 2]
        r[b, W // 2 :] = out[b, 0, W // 2 :]
    return r

# right
def sentence_vector(out, lengths):
    B, T, W = out.shape
    mask = np.arange(T) == np.array(lengths)[:, None] - 1
    f = np.where(mask[..., None], out, 0).sum(1)
    return np.where(np.arange(W) < W // 2, f, out[:, 0])

# wrong: last column
def sentence_vector(out, lengths):
    return out[:, -1]

# wrong: one late
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.concatenate([out[b, n, :H], out[b, 0, H:]]) for b, n in enumerate(lengths)])

# right
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    f = out[np.arange(len(out)), lengths - 1, :H]
    return np.concatenate([f, out[:, 0, H:]], 1)

# wrong: order
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.concatenate([out[b, 0, H:], out[b, n - 1, :H]]) for b, n in enumerate(lengths)])

# wrong: halves crossed
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.concatenate([out[b, n - 1, H:], out[b, 0, :H]]) for b, n in enumerate(lengths)])

# wrong: ?
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    f = out[np.arange(len(out)), np.array(lengths) - 1, :H]
    return np.concatenate([f, out[:, 0, H:]])

# wrong: ?
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    n = np.array(lengths)
    return np.concatenate([out[:, n - 1, :H], out[:, :1, H:]], axis=1)

# wrong: ?
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    f = out[np.arange(len(out)), np.array(lengths) - 1, :H]
    return np.stack([f, out[:, 0, H:]], axis=1)

# wrong: means
def sentence_vector(out, lengths):
    return np.array([o[:n].mean(0) for o, n in zip(out, lengths)])

# wrong: halves added
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    f = out[np.arange(len(out)), np.array(lengths) - 1, :H]
    return f + out[:, 0, H:]

# wrong: turned twice
def sentence_vector(out, lengths):
    T, H = out.shape[1], out.shape[2] // 2
    return np.array([np.concatenate([out[b, n - 1, :H], out[b, T - n, H:]]) for b, n in enumerate(lengths)])

# wrong: no-return
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    f = out[np.arange(len(out)), np.array(lengths) - 1, :H]
    print(np.concatenate([f, out[:, 0, H:]], axis=1).shape)

# wrong: largest
def sentence_vector(out, lengths):
    return out.max(axis=1)

# wrong: ?
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    for b, n in enumerate(lengths):
        return np.concatenate([out[b, n - 1, :H], out[b, 0, H:]])

# wrong: without lengths
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    last = (np.abs(out).sum(2) > 0).sum(1) - 1
    f = out[np.arange(len(out)), last, :H]
    return np.concatenate([f, out[:, 0, H:]], axis=1)

# wrong: even and odd
def sentence_vector(out, lengths):
    n = np.array(lengths)
    return np.concatenate([out[np.arange(len(out)), n - 1, ::2], out[:, 0, 1::2]], axis=1)

# wrong: second step
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.concatenate([out[b, n - 1, :H], out[b, 1, H:]]) for b, n in enumerate(lengths)])

# right
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + reverse(dx_backward, lengths)

# right
def dx_both(dx_forward, dx_backward, lengths):
    B, T, D = dx_forward.shape
    dx = np.zeros((B, T, D))
    for b in range(B):
        for t in range(T):
            s = lengths[b] - 1 - t if t < lengths[b] else t
            dx[b, t] = dx_forward[b, t] + dx_backward[b, s]
    return dx

# right
def dx_both(dx_forward, dx_backward, lengths):
    f, k = torch.tensor(dx_forward), torch.tensor(dx_backward)
    return f + torch.stack([torch.cat([k[b, :n].flip(0), k[b, n:]]) for b, n in enumerate(lengths)])

# right
def dx_both(dx_forward, dx_backward, lengths):
    n = np.asarray(lengths)[:, None]
    t = np.arange(dx_forward.shape[1])
    R = np.where(t < n, n - 1 - t, t)[:, :, None] == t
    return dx_forward + np.einsum("bts,bsd->btd", R, dx_backward)

# right
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.astype("float32")
    for b, n in enumerate(lengths):
        dx[b, :n] += dx_backward[b, :n][::-1]
        dx[b, n:] += dx_backward[b, n:]
    return dx

# wrong: padding zeros
def dx_both(dx_forward, dx_backward, lengths):
    dx = np.zeros_like(dx_forward)
    for b, n in enumerate(lengths):
        dx[b, :n] = dx_forward[b, :n] + dx_backward[b, :n][::-1]
    return dx

# wrong: without lengths
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + dx_backward[:, ::-1]

# wrong: wrong one
def dx_both(dx_forward, dx_backward, lengths):
    d = dx_forward.copy()
    for b, n in enumerate(lengths):
        d[b, :n] = d[b, :n][::-1].copy()
    return d + dx_backward

# wrong: both turned
def dx_both(dx_forward, dx_backward, lengths):
    return reverse(dx_forward, lengths) + reverse(dx_backward, lengths)

# wrong: both turned
def dx_both(dx_forward, dx_backward, lengths):
    return reverse(dx_forward + dx_backward, lengths)

# wrong: side by side
def dx_both(dx_forward, dx_backward, lengths):
    return np.concatenate([dx_forward, reverse(dx_backward, lengths)], axis=2)

# wrong: mean
def dx_both(dx_forward, dx_backward, lengths):
    return (dx_forward + reverse(dx_backward, lengths)) / 2

# wrong: one direction
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward

# wrong: other direction
def dx_both(dx_forward, dx_backward, lengths):
    return reverse(dx_backward, lengths)

# wrong: difference
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward - reverse(dx_backward, lengths)

# wrong: changes-input
def dx_both(dx_forward, dx_backward, lengths):
    for b, n in enumerate(lengths):
        dx_forward[b, :n] += dx_backward[b, :n][::-1]
        dx_forward[b, n:] += dx_backward[b, n:]
    return dx_forward

# wrong: changes-input
def dx_both(dx_forward, dx_backward, lengths):
    dx_forward += reverse(dx_backward, lengths)
    return dx_forward

# wrong: product
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward * reverse(dx_backward, lengths)

# wrong: padding turned too
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + np.array([np.concatenate([s[:n][::-1], s[n:][::-1]]) for s, n in zip(dx_backward, lengths)])

# wrong: no-return
def dx_both(dx_forward, dx_backward, lengths):
    print((dx_forward + reverse(dx_backward, lengths)).sum())

# wrong: step n
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        for t in range(n):
            dx[b, t] += dx_backward[b, n - t]
    return dx

# wrong: not turned
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + reverse(reverse(dx_backward, lengths), lengths)
