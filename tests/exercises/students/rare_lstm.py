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

# wrong: tanh for the gates
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = np.tanh(i), np.tanh(f), np.tanh(o)
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: ?
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = (f + i) * (c + np.tanh(g))
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
