# More answers to exercise 1 of chapter 7, as students write them. See gradients.py for the form.

# wrong: one too few
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (np.abs(model(other) - before)[:, : t - 1] > 1e-6).any():
            return True
    return False

# wrong: sequences for steps
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other)[:t] - before[:t]).max() > 1e-6:
            return True
    return False

# wrong: one sequence only
def leaks(model, x, t):
    before = model(x)[0, :t]
    for word in range(before.shape[1]):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other)[0, :t] - before).max() > 1e-6:
            return True
    return False

# wrong: one sequence only
def leaks(model, x, t):
    one = x[:1]
    before = model(one)
    for word in range(before.shape[2]):
        other = one.copy()
        other[0, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: one sequence only
def leaks(model, x, t):
    before = model(x)
    for b in range(len(x)):
        for word in range(before.shape[2]):
            other = x.copy()
            other[b, t] = word
            if np.abs(model(other) - before)[:, :t].max() > 1e-6:
                return True
        return False

# wrong: a sequence changed
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: later words too
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t:] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: cut off
def leaks(model, x, t):
    return not np.allclose(model(x)[:, :t], model(x[:, :t]))

# wrong: no such word
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] += 1
    return np.abs(model(other) - before)[:, :t].max() > 1e-6

# wrong: no such word
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2] + 1):
        other = x.copy()
        other[:, t] = word
        if np.abs(model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: first choice only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.array_equal(model(other)[:, :t].argmax(-1), before[:, :t].argmax(-1)):
            return True
    return False

# wrong: differences added
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if abs((model(other) - before)[:, :t].sum()) > 1e-6:
            return True
    return False

# wrong: one sign only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (model(other) - before)[:, :t].max() > 1e-6:
            return True
    return False

# wrong: every entry
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if (np.abs(model(other) - before)[:, :t] > 1e-6).all():
            return True
    return False

# wrong: turned round
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, :t], before[:, :t]):
            return False
    return True

# wrong: answers after t
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, t + 1 :], before[:, t + 1 :]):
            return True
    return False

# wrong: answers from t on
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, t:], before[:, t:]):
            return True
    return False

# wrong: words for steps
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[..., :t], before[..., :t]):
            return True
    return False

# wrong: first answer only
def leaks(model, x, t):
    before = model(x)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, t] = word
        if not np.allclose(model(other)[:, 0], before[:, 0]):
            return True
    return False

# wrong: exception
def leaks(model, x, t):
    before = model(x[0])
    other = x[0].copy()
    other[t] = 0
    return not np.allclose(model(other)[:t], before[:t])

# wrong: exception
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = -1
    return not np.allclose(model(other)[:, :t], before[:, :t])

# wrong: ?
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = (x[:, t] + 1) % before.shape[2]
    return (np.abs(model(other) - before)[:, :t] > 1e-6).any(axis=(1, 2))

# wrong: ?
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = (x[:, t] + 1) % before.shape[2]
    return np.abs(model(other) - before)[:, :t].max()

# wrong: no-return
def leaks(model, x, t):
    before = model(x)
    other = x.copy()
    other[:, t] = (x[:, t] + 1) % before.shape[2]
    print(np.allclose(model(other)[:, :t], before[:, :t]))
