# Answers to the practice of chapter 11, encoder and decoder, as students write them. See gradients.py for the form.

# right
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous = np.full((len(sentences), T), pad)
    y = np.full((len(sentences), T), pad)
    mask = np.zeros((len(sentences), T), dtype=bool)
    for i, s in enumerate(sentences):
        n = len(s)
        previous[i, : n + 1] = [bos] + s
        y[i, : n + 1] = s + [eos]
        mask[i, : n + 1] = True
    return previous, y, mask

# right
def teacher_forcing(sentences, bos, eos, pad):
    T = 1 + max(map(len, sentences))
    previous, y, mask = [], [], []
    for s in sentences:
        rest = T - len(s) - 1
        previous.append([bos, *s] + rest * [pad])
        y.append([*s, eos] + rest * [pad])
        mask.append([t <= len(s) for t in range(T)])
    return previous, y, mask

# right
def teacher_forcing(sentences, bos, eos, pad):
    rows = [torch.tensor([bos] + s) for s in sentences]
    previous = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)
    rows = [torch.tensor(s + [eos]) for s in sentences]
    y = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)
    return previous, y, y != pad

# right
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    previous = np.concatenate([np.full((len(y), 1), bos), y[:, :-1]], axis=1)
    previous[previous == eos] = pad
    return previous, y, np.arange(T) < np.array([[len(s) + 1] for s in sentences])

# wrong: never ends
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences)
    previous = np.full((len(sentences), T), pad)
    y = np.full((len(sentences), T), pad)
    for i, s in enumerate(sentences):
        y[i, : len(s)] = s
        previous[i, : len(s)] = [bos] + s[:-1]
    return previous, y, y != pad

# wrong: eos read
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 2
    previous = [[bos] + s + [eos] + [pad] * (T - 2 - len(s)) for s in sentences]
    y = [s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences]
    return np.array(previous), np.array(y), np.array(y) != pad

# wrong: shifted with the padding
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    previous = np.hstack([np.full((len(y), 1), bos), y[:, :-1]])
    return previous, y, y != pad

# wrong: bos asked for
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 2
    y = np.array([[bos] + s + [eos] + [pad] * (T - 2 - len(s)) for s in sentences])
    return y, y, y != pad

# wrong: swapped
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    y = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, y != pad

# wrong: eos masked
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, (y != pad) & (y != eos)

# wrong: mask of numbers
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous, y, mask = np.full((3, len(sentences), T), pad)
    mask[:] = 0
    for i, s in enumerate(sentences):
        previous[i, : len(s) + 1] = [bos] + s
        y[i, : len(s) + 1] = s + [eos]
        mask[i, : len(s) + 1] = 1
    return previous, y, mask

# wrong: mask of numbers
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, (y != pad).astype(np.float32)

# wrong: ends behind the padding
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences)
    padded = [s + [pad] * (T - len(s)) for s in sentences]
    previous = np.array([[bos] + s for s in padded])
    y = np.array([s + [eos] for s in padded])
    return previous, y, np.array([[t <= len(s) for t in range(T + 1)] for s in sentences])

# wrong: pad is 0
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous, y = np.zeros((2, len(sentences), T), dtype=int)
    for i, s in enumerate(sentences):
        previous[i, : len(s) + 1] = [bos] + s
        y[i, : len(s) + 1] = s + [eos]
    return previous, y, y != 0

# wrong: cut
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences)
    previous = np.array([([bos] + s + [pad] * T)[:T] for s in sentences])
    y = np.array([(s + [eos] + [pad] * T)[:T] for s in sentences])
    return previous, y, y != pad

# wrong: padding in front
def teacher_forcing(sentences, bos, eos, pad):
    T = max(len(s) for s in sentences) + 1
    previous = np.array([[pad] * (T - 1 - len(s)) + [bos] + s for s in sentences])
    y = np.array([[pad] * (T - 1 - len(s)) + s + [eos] for s in sentences])
    return previous, y, y != pad

# wrong: exception
def teacher_forcing(sentences, bos, eos, pad):
    y = np.array(sentences)
    previous = np.hstack([np.full((len(y), 1), bos), y[:, :-1]])
    return previous, y, y != pad

# wrong: ?
def teacher_forcing(sentences, bos, eos, pad):
    previous = [[bos] + s for s in sentences]
    y = [s + [eos] for s in sentences]
    return previous, y, [[True] * len(s) for s in y]

# right
def context_vector(states, lengths):
    return np.stack([row[n - 1] for row, n in zip(states, lengths)])

# right
def context_vector(states, lengths):
    index = (lengths - 1)[:, None, None]
    return np.take_along_axis(states, index, axis=1)[:, 0]

# right
def context_vector(states, lengths):
    states = torch.tensor(states)
    index = torch.tensor(lengths - 1).view(-1, 1, 1).expand(-1, 1, states.shape[2])
    return states.gather(1, index).squeeze(1)

# right
def context_vector(states, lengths):
    last = np.arange(states.shape[1]) == lengths[:, None] - 1
    return np.einsum("bs,bsh->bh", last, states)

# right
def context_vector(states, lengths):
    return [states[b][n - 1].tolist() for b, n in enumerate(lengths)]

# wrong: last column
def context_vector(states, lengths):
    return states[:, -1, :]

# wrong: one column for all
def context_vector(states, lengths):
    return states[:, max(lengths) - 1, :]

# wrong: one step late
def context_vector(states, lengths):
    return states[np.arange(len(lengths)), lengths]

# wrong: one step late
def context_vector(states, lengths):
    return np.array([states[b, n] for b, n in enumerate(lengths)])

# wrong: from the end
def context_vector(states, lengths):
    return np.array([states[b, -n] for b, n in enumerate(lengths)])

# wrong: every row with every length
def context_vector(states, lengths):
    return states[:, lengths - 1, :]

# wrong: mean
def context_vector(states, lengths):
    return np.array([states[b, :n].mean(axis=0) for b, n in enumerate(lengths)])

# wrong: mean
def context_vector(states, lengths):
    return states.mean(axis=1)

# wrong: sum
def context_vector(states, lengths):
    mask = np.arange(states.shape[1]) < lengths[:, None]
    return (states * mask[:, :, None]).sum(axis=1)

# wrong: masked last column
def context_vector(states, lengths):
    states = states.copy()
    for b, n in enumerate(lengths):
        states[b, n:] = 0
    return states[:, -1]

# wrong: first state
def context_vector(states, lengths):
    return states[:, 0]

# wrong: one step early
def context_vector(states, lengths):
    return np.array([row[n - 2] for row, n in zip(states, lengths)])

# wrong: exception
def context_vector(states, lengths):
    return states[:, lengths[:, None] - 1 + np.arange(states.shape[1])]

# wrong: ?
def context_vector(states, lengths):
    return np.tanh(states[np.arange(len(states)), lengths - 1])

# wrong: eos masked
def teacher_forcing(sentences, bos, eos, pad):
    T = max(map(len, sentences)) + 1
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, y != eos

# wrong: ?
def teacher_forcing(sentences, bos, eos, pad):
    T = max(map(len, sentences)) + 1
    y = np.array([s + [eos] * (T - len(s)) for s in sentences])
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, y != pad

# wrong: ?
def context_vector(states, lengths):
    return states[:, lengths - 1].mean(axis=1)

# wrong: first step masked
def teacher_forcing(sentences, bos, eos, pad):
    T = max(map(len, sentences)) + 1
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, (y != pad) & (previous != bos)

# wrong: first step masked
def teacher_forcing(sentences, bos, eos, pad):
    T = max(map(len, sentences)) + 1
    y = np.array([s + [eos] + [pad] * (T - 1 - len(s)) for s in sentences])
    previous = np.array([[bos] + s + [pad] * (T - 1 - len(s)) for s in sentences])
    return previous, y, [[0 < t <= len(s) for t in range(T)] for s in sentences]

# wrong: axis left in
def context_vector(states, lengths):
    return np.take_along_axis(states, (lengths - 1)[:, None, None], axis=1)
