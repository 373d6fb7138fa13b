# Less usual answers to the practice of chapter 2, written after its mistakes had been chosen. See rnn.py for the form.

# right
def step(W_xh, W_hh, b_h, x, h):
    return np.array([[math.tanh(sum(W_xh[i, d] * x[b, d] for d in range(x.shape[1])) + sum(W_hh[i, j] * h[b, j] for j in range(h.shape[1])) + b_h[i]) for i in range(len(b_h))] for b in range(len(x))])

# wrong: shapes
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(W_xh.T @ x + W_hh.T @ h + b_h)

# wrong: shapes
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(x * W_xh + h * W_hh + b_h)

# wrong: ?
def step(W_xh, W_hh, b_h, x, h):
    return np.maximum(x @ W_xh.T + h @ W_hh.T + b_h, 0)

# wrong: tanh of parts
def step(W_xh, W_hh, b_h, x, h):
    return (np.tanh(x @ W_xh.T) + np.tanh(h @ W_hh.T + b_h))

# wrong: bias of size H
def parameter_count(D, H, n_out):
    return D * H + H * H + H + n_out * H + H

# wrong: two biases
def parameter_count(D, H, n_out):
    return (D + 1) * H + (H + 1) * H + (H + 1) * n_out

# wrong: plus
def floor_and_chance(a, sigma):
    return sigma**2, sigma**2 / (1 + a**2)

# wrong: zero floor
def floor_and_chance(a, sigma):
    return 0, sigma**2 / (1 - a**2)

# wrong: ?
def floor_and_chance(a, sigma):
    return sigma**2 / (1 - a**2)
