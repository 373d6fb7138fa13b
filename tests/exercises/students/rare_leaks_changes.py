# Still more answers to exercise 1 of chapter 7: which words are changed, and what counts as a change. See gradients.py.

# wrong: first word left out
def leaks(model, x, t):
    before = model(x)
    for word in range(1, before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: last word left out
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2] - 1):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: ?
def leaks(model, x, t):
    before = model(x)
    for word in range(x.max() + 1):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: ?
def leaks(model, x, t):
    before = model(x)
    for word in range(x.shape[1]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: too coarse
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-3:
            return True
    return False

# wrong: too coarse
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 0.01:
            return True
    return False

# wrong: too coarse
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 0.1:
            return True
    return False

# wrong: too coarse
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (model(other).round(2) != before.round(2))[:, :t].any():
            return True
    return False

# wrong: rounding
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-9:
            return True
    return False

# wrong: rounding
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-12:
            return True
    return False

# wrong: word after t
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t + 1] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: word after t
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, min(t + 1, x.shape[1] - 1)] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: word before t
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t - 1] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: one sign only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (before - model(other))[:, :t].max() > 1e-6:
            return True
    return False

# wrong: one sign only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if abs((model(other) - before)[:, :t].max()) > 1e-6:
            return True
    return False

# wrong: largest scores
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if abs(model(other)[:, :t].max() - before[:, :t].max()) > 1e-6:
            return True
    return False

# wrong: all words
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() <= 1e-6:
            return False
    return True

# wrong: cut off after t
def leaks(model, x, t):
    x = x[:, : t + 1]
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False
