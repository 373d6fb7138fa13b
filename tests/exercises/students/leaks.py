# Answers to exercise 1 of chapter 7, as students write them. See gradients.py for the form.

# right
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# right
def leaks(model, x, t):
    old = model(x)[:, :t]
    V = old.shape[-1]
    for step in range(1, V):
        y = np.array(x)
        y[:, t] = (y[:, t] + step) % V
        if not np.allclose(model(y)[:, :t], old):
            return True
    return False

# right
def leaks(model, x, t):
    x = torch.tensor(x)
    before = torch.tensor(model(x))
    changes = []
    for word in range(before.shape[-1]):
        y = x.clone()
        y[:, t] = word
        changes.append((torch.tensor(model(y)) - before)[:, :t].abs().max())
    return torch.stack(changes).max() > 1e-5

# right
def leaks(model, x, t):
    B, T = x.shape
    before = model(x)
    found = False
    for b in range(B):
        for word in range(before.shape[2]):
            row = [list(map(int, r)) for r in x]
            row[b][t] = word
            after = model(np.array(row))
            for i in range(t):
                for v in range(before.shape[2]):
                    if abs(after[b, i, v] - before[b, i, v]) > 1e-6:
                        found = True
    return found

# right
def leaks(model, x, t):
    V = model(x).shape[-1]
    B, T = x.shape
    many = np.repeat(x[None], V, axis=0)
    many[:, :, t] = np.arange(V)[:, None]
    scores = model(many.reshape(V * B, T)).reshape(V, B, T, V)
    return np.ptp(scores[:, :, :t], axis=0).max() > 1e-6

# right
def leaks(model, x, t):
    scores = []
    for word in range(model(x).shape[2]):
        y = x.copy()
        y[:, t] = word
        scores.append(model(y)[:, :t].astype(np.float32))
    return any(not np.allclose(s, scores[0], atol=1e-4) for s in scores)

# right
def leaks(model, x, t):
    kept = x[:, t].copy()
    y = x.copy()
    before = model(y)
    answer = False
    for word in range(before.shape[2]):
        y[:, t] = word
        answer |= np.abs(model(y) - before)[:, :t].max() > 1e-6
    y[:, t] = kept
    return bool(answer)

# right
def leaks(model, x, t):
    def p(ids):
        return torch.tensor(model(ids)).softmax(-1)[:, :t]

    before = p(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (p(other) - before).abs().max().item() > 1e-6:
            return True
    return False

# wrong: not every word
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = (x[:, t] + 1) % before.shape[2]
    return np.abs(model(other) - before)[:, :t].max() > 1e-6

# wrong: not every word
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = 0
    return not np.allclose(model(other)[:, :t], before[:, :t])

# wrong: not every word
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
        else:
            return False

# wrong: not every word
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        leak = np.abs(model(other) - before)[:, :t].max() > 1e-6
    return leak

# wrong: not every word
def leaks(model, x, t):
    before = model(x)
    for word in set(x.flatten()):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, :t], before[:, :t]):
            return True
    return False

# wrong: words of other sequences
def leaks(model, x, t):
    other = x.copy()
    other[:, t] = np.roll(x[:, t], 1)
    return np.abs(model(other) - model(x))[:, :t].max() > 1e-6

# wrong: words of other sequences
def leaks(model, x, t):
    other = x.copy()
    other[:, t] = x[::-1, t]
    return not np.allclose(model(other)[:, :t], model(x)[:, :t])

# wrong: always no
def leaks(model, x, t):
    other = x.copy()
    other[:, t] = x[:, t]
    return np.abs(model(other) - model(x))[:, :t].max() > 1e-6

# wrong: always no
def leaks(model, x, t):
    return False

# wrong: always no
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        np.where(np.arange(x.shape[1]) == t, word, other)
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: always yes
def leaks(model, x, t):
    return True

# wrong: changes-input
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        x[:, t] = word
        if np.abs(model(x) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: changes-input
def leaks(model, x, t):
    before = model(x)
    other = x
    other[:, t] = (other[:, t] + 1) % before.shape[2]
    return np.abs(model(other) - before)[:, :t].max() > 1e-6

# wrong: changes-input
def leaks(model, x, t):
    other = x
    for word in range(model(x).shape[2]):
        other[:, t] = word
        if np.abs(model(other) - model(x))[:, :t].max() > 1e-6:
            return True
    return False

# wrong: rounding
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.array_equal(model(other)[:, :t], before[:, :t]):
            return True
    return False

# wrong: rounding
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (model(other)[:, :t] != before[:, :t]).any():
            return True
    return False

# wrong: all answers
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other), before):
            return True
    return False

# wrong: answer at t too
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, : t + 1].max() > 1e-6:
            return True
    return False

# wrong: answer at t
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, t], before[:, t]):
            return True
    return False

# wrong: answer before t only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, t - 1], before[:, t - 1]):
            return True
    return False
