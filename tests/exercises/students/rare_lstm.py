# Less usual answers to the practice of chapter 5, written after its mistakes had been chosen. See lstm.py for the form.

# wrong: i = 1 - f
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    f, o = 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + (1 - f) * np.tanh(g)
    return o * np.tanh(c), c

# wrong: gates of c
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ c + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: ?
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = np.tanh(i), np.tanh(f), np.tanh(o)
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: linear
def forget_bias(steps, left):
    lost = (1 - left) / steps
    return np.log((1 - lost) / lost)

# wrong: tanh
def forget_bias(steps, left):
    return np.arctanh(left ** (1 / steps))

# wrong: the half-life
def forget_bias(steps, left):
    return steps * np.log(0.5) / np.log(left)

# wrong: no forget gate
def cell_gradients(dh, dc, f, o, c):
    direct = dh * o * (1 - np.tanh(c) ** 2)
    direct[-1] += dc
    return np.cumsum(direct[::-1], axis=0)[::-1]

# wrong: what is handed on
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        dc = (dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)) * f[t]
        out[t] = dc
    return out

# wrong: the first
def cell_gradients(dh, dc, f, o, c):
    for t in reversed(range(len(dh))):
        first = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc = first * f[t]
    return first

# wrong: one step only
def shares(f, i):
    return np.append(f[0], i)

# wrong: normalised
def shares(f, i):
    after = np.append(np.cumprod(f[::-1])[::-1], 1)
    after[1:] *= i
    return after / after.sum()

# wrong: sum of gates
def shares(f, i):
    return [sum(f)] + [i[t] * sum(f[t + 1 :]) for t in range(len(f))]

# wrong: reversed
def shares(f, i):
    weights, product = [], 1.0
    for ft, it in zip(f[::-1], i[::-1]):
        weights.append(it * product)
        product *= ft
    return [product] + weights
