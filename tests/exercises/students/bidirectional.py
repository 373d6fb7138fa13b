# Answers to the practice of chapter 7, both directions, as students write them. See gradients.py for the form.

# right
def sentence_vector(out, lengths):
    H = out.shape[-1] // 2
    return np.stack([np.r_[out[b, n - 1, :H], out[b, 0, H:]] for b, n in enumerate(lengths)])

# right
def sentence_vector(out, lengths):
    out = torch.tensor(out)
    forward, backward = out.chunk(2, dim=-1)
    index = torch.tensor(lengths) - 1
    return torch.cat([forward[torch.arange(len(out)), index], backward[:, 0]], dim=1)

# wrong: last column
def sentence_vector(out, lengths):
    return out[:, -1, :]

# wrong: last step
def sentence_vector(out, lengths):
    return out[np.arange(len(lengths)), np.array(lengths) - 1]

# wrong: without lengths
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.concatenate([out[:, -1, :H], out[:, 0, H:]], axis=1)

# wrong: first step
def sentence_vector(out, lengths):
    return out[:, 0]

# wrong: order
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.append(out[b, 0, H:], out[b, n - 1, :H]) for b, n in enumerate(lengths)])

# wrong: one early
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.append(out[b, n - 2, :H], out[b, 0, H:]) for b, n in enumerate(lengths)])

# wrong: means
def sentence_vector(out, lengths):
    return out.mean(axis=1)

# wrong: halves added
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([out[b, n - 1, :H] + out[b, 0, H:] for b, n in enumerate(lengths)])

# right
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] += dx_backward[b, :n][::-1]
        dx[b, n:] += dx_backward[b, n:]
    return dx

# right
def dx_both(dx_forward, dx_backward, lengths):
    B, T, D = dx_forward.shape
    out = torch.tensor(dx_forward)
    for b in range(B):
        for t in range(T):
            place = lengths[b] - 1 - t if t < lengths[b] else t
            out[b, t] += torch.tensor(dx_backward[b, place])
    return out

# wrong: not turned
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + dx_backward

# wrong: without lengths
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + np.flip(dx_backward, 1)

# wrong: mean
def dx_both(dx_forward, dx_backward, lengths):
    back = dx_backward.copy()
    for b, n in enumerate(lengths):
        back[b, :n] = back[b, :n][::-1].copy()
    return 0.5 * (dx_forward + back)

# wrong: side by side
def dx_both(dx_forward, dx_backward, lengths):
    back = dx_backward.copy()
    for b, n in enumerate(lengths):
        back[b, :n] = dx_backward[b, :n][::-1]
    return np.concatenate([dx_forward, back], axis=-1)

# wrong: wrong one
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] = dx_forward[b, :n][::-1]
    return dx + dx_backward

# wrong: padding forgotten
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] += dx_backward[b, :n][::-1]
    return dx
