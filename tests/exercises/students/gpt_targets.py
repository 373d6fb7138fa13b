# Answers to the practice of chapter 15, what is asked for, as students write them. See gradients.py for the form.

# right
def next_tokens(ids, lengths):
    x, y = ids[:, :-1], ids[:, 1:]
    asked = np.arange(1, ids.shape[1])[None] < lengths[:, None]
    return x, y, asked

# right
def next_tokens(ids, lengths):
    B, T = ids.shape
    x = np.zeros((B, T - 1), dtype=int)
    y = np.zeros((B, T - 1), dtype=int)
    asked = np.zeros((B, T - 1), dtype=bool)
    for b in range(B):
        for t in range(T - 1):
            x[b, t], y[b, t] = ids[b, t], ids[b, t + 1]
            asked[b, t] = t + 1 < lengths[b]
    return x, y, asked

# right
def next_tokens(ids, lengths):
    ids, lengths = torch.tensor(ids), torch.tensor(lengths)
    real = torch.arange(ids.shape[1]) < lengths.unsqueeze(1)
    return ids[:, :-1], ids[:, 1:], real[:, 1:]

# right
def next_tokens(ids, lengths):
    asked = [[t < n - 1 for t in range(ids.shape[1] - 1)] for n in lengths]
    return [ids[:, :-1].tolist(), ids[:, 1:].tolist(), asked]

# right
def next_tokens(ids, lengths):
    y = np.roll(ids, -1, axis=1)[:, :-1]
    return np.delete(ids, -1, axis=1), y, (np.indices(y.shape)[1] + 2) <= lengths.reshape(-1, 1)

# wrong: not shifted
def next_tokens(ids, lengths):
    x = ids[:, :-1]
    return x, x.copy(), np.arange(x.shape[1]) < lengths[:, None] - 1

# wrong: backwards
def next_tokens(ids, lengths):
    return ids[:, 1:], ids[:, :-1], np.arange(ids.shape[1] - 1) < lengths[:, None] - 1

# wrong: shifted by two
def next_tokens(ids, lengths):
    x, y = ids[:, :-2], ids[:, 2:]
    return x, y, np.arange(x.shape[1]) < lengths[:, None] - 1

# wrong: around the corner
def next_tokens(ids, lengths):
    return ids, np.roll(ids, -1, axis=1), np.arange(ids.shape[1]) < lengths[:, None] - 1

# wrong: around the corner
def next_tokens(ids, lengths):
    return ids, np.roll(ids, -1, axis=1), np.arange(ids.shape[1]) < lengths[:, None]

# wrong: along the texts
def next_tokens(ids, lengths):
    return ids[:-1], ids[1:], np.arange(ids.shape[1]) < lengths[1:, None]

# wrong: padding asked
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], np.arange(ids.shape[1] - 1) < lengths[:, None]

# wrong: padding asked
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], np.arange(ids.shape[1] - 1) <= lengths[:, None]

# wrong: everything asked
def next_tokens(ids, lengths):
    x, y = ids[:, :-1], ids[:, 1:]
    return x, y, np.ones(y.shape, dtype=bool)

# wrong: one too few
def next_tokens(ids, lengths):
    T = ids.shape[1] - 1
    return ids[:, :T], ids[:, 1:], np.arange(1, T + 1) < (lengths - 1)[:, None]

# wrong: 0 as padding
def next_tokens(ids, lengths):
    y = ids[:, 1:]
    return ids[:, :-1], y, y > 0

# wrong: not asked
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], np.arange(1, ids.shape[1]) >= lengths[:, None]

# wrong: asked left out
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:]

# wrong: last token alone
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], np.arange(1, ids.shape[1]) == lengths[:, None] - 1

# wrong: exception
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], np.arange(ids.shape[1] - 1) < lengths - 1

# wrong: ?
def next_tokens(ids, lengths):
    return ids[:, :-1], ids[:, 1:], (np.arange(1, ids.shape[1]) < lengths[:, None]).astype(int)

# wrong: ?
def next_tokens(ids, lengths):
    y = np.where(np.arange(1, ids.shape[1]) < lengths[:, None], ids[:, 1:], -100)
    return ids[:, :-1], y, y != -100

# wrong: changes-input
def next_tokens(ids, lengths):
    lengths -= 1
    return ids[:, :-1], ids[:, 1:], np.arange(ids.shape[1] - 1) < lengths[:, None]

# wrong: no-return
def next_tokens(ids, lengths):
    x, y = ids[:, :-1], ids[:, 1:]
    print(x, y, np.arange(1, ids.shape[1]) < lengths[:, None])
