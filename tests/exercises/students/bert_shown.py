# Answers to the practice of chapter 14, the guess at a shown word, as students write them. See gradients.py.

# right
def guess_shown(guess, shown, shares):
    B, V = guess.shape
    out = []
    for b in range(B):
        if shown[b] == V:
            out.append(list(guess[b]))
            continue
        row = [guess[b, w] * (shares[1] / V + shares[2] * (w == shown[b])) for w in range(V)]
        out.append([p / sum(row) for p in row])
    return out

# right
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    channel = np.full(guess.shape, shares[1] / V)
    rows = np.flatnonzero(shown < V)
    channel[rows, shown[rows]] += shares[2]
    joint = guess * channel
    return joint / joint.sum(axis=1, keepdims=True)

# right
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    m, r, k = shares
    table = np.vstack([r / V + k * np.eye(V), np.full(V, m)])
    joint = guess * table[shown]
    return joint / joint.sum(1)[:, None]

# right
def guess_shown(guess, shown, shares):
    V, (_, r, k) = guess.shape[1], shares
    out = guess.astype(np.float32)
    for b, w in enumerate(shown):
        if w != V:
            out[b] *= np.float32(r / V)
            out[b, w] += np.float32(k) * np.float32(guess[b, w])
            out[b] /= out[b].sum()
    return out

# wrong: changes-input
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    for b, w in enumerate(shown):
        if w < V:
            guess[b, w] *= 1 + shares[2] * V / shares[1]
            guess[b] /= guess[b].sum()
    return guess

# wrong: treated as hidden
def guess_shown(guess, shown, shares):
    return guess / guess.sum(1, keepdims=True)

# wrong: believed
def guess_shown(guess, shown, shares):
    out = guess.copy()
    for b, w in enumerate(shown):
        if w < guess.shape[1]:
            out[b] = 0
            out[b, w] = 1
    return out

# wrong: believed
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    own = shown[:, None] == np.arange(V)
    joint = np.where(shown[:, None] == V, guess, guess * shares[2] * own)
    return joint / joint.sum(1, keepdims=True)

# wrong: a mixture
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    share = shares[2] / (shares[1] + shares[2])
    own = np.eye(V + 1)[shown][:, :V]
    return np.where(shown[:, None] == V, guess, share * own + (1 - share) * guess)

# wrong: without the guess
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    channel = shares[1] / V + shares[2] * (shown[:, None] == np.arange(V))
    return np.where(shown[:, None] == V, guess, channel / channel.sum(1, keepdims=True))

# wrong: not normalised
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    channel = shares[1] / V + shares[2] * (shown[:, None] == np.arange(V))
    return np.where(shown[:, None] == V, guess, guess * channel)

# wrong: not normalised
def guess_shown(guess, shown, shares):
    V, (m, r, k) = guess.shape[1], shares
    return guess * np.where(shown[:, None] == V, m, r / V + k * (shown[:, None] == np.arange(V)))

# wrong: sum of all
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    joint = guess * (shares[1] / V + shares[2] * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum())

# wrong: r for r/V
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    joint = guess * (shares[1] + shares[2] * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))

# wrong: never itself
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    own = shown[:, None] == np.arange(V)
    joint = guess * np.where(own, shares[2], shares[1] / (V - 1))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))

# wrong: shares swapped
def guess_shown(guess, shown, shares):
    V, (_, k, r) = guess.shape[1], shares
    joint = guess * (r / V + k * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))

# wrong: hidden for kept
def guess_shown(guess, shown, shares):
    V, (k, r, _) = guess.shape[1], shares
    joint = guess * (r / V + k * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))

# wrong: one share less
def guess_shown(guess, shown, shares):
    V, r = guess.shape[1], shares[1]
    joint = guess * (r / V + (1 - r) * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))

# wrong: uniform where hidden
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    joint = guess * (shares[1] / V + shares[2] * (shown[:, None] == np.arange(V)))
    joint[shown == V] = 1
    return joint / joint.sum(1, keepdims=True)

# wrong: exception
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    channel = shares[1] / V + shares[2] * np.eye(V)[shown]
    return guess * channel / (guess * channel).sum(1, keepdims=True)

# wrong: ?
def guess_shown(guess, shown, shares):
    V = guess.shape[1]
    joint = guess * (shares[1] / (V + 1) + shares[2] * (shown[:, None] == np.arange(V)))
    return np.where(shown[:, None] == V, guess, joint / joint.sum(1, keepdims=True))
