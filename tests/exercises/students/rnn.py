# Answers to the practice of chapter 2, as students write them. Each stands below a line that says how it is judged:
# "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only refused.

# right
def step(W_xh, W_hh, b_h, x, h):
    new = []
    for i in range(x.shape[0]):
        new.append(np.tanh(W_xh @ x[i] + W_hh @ h[i] + b_h))
    return new

# right
def step(W_xh, W_hh, b_h, x, h):
    W = np.hstack([W_xh, W_hh])
    return np.tanh(np.hstack([x, h]) @ W.T + b_h)

# right
def step(W_xh, W_hh, b_h, x, h):
    W_xh, W_hh, b_h, x, h = [torch.tensor(a, dtype=torch.float32) for a in (W_xh, W_hh, b_h, x, h)]
    return torch.tanh(x @ W_xh.T + h @ W_hh.T + b_h)

# right
def step(W_xh, W_hh, b_h, x, h):
    cell = torch.nn.RNNCell(W_xh.shape[1], W_xh.shape[0])
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(W_xh))
        cell.weight_hh.copy_(torch.tensor(W_hh))
        cell.bias_ih.copy_(torch.tensor(b_h))
        cell.bias_hh.zero_()
    return cell(torch.tensor(x).float(), torch.tensor(h).float())

# right
def step(W_xh, W_hh, b_h, x, h):
    a = np.einsum("bd,hd->bh", x, W_xh) + np.einsum("bk,hk->bh", h, W_hh) + b_h
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))

# wrong: shapes
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(W_xh @ x + W_hh @ h + b_h)

# wrong: not transposed
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(x @ W_xh + h @ W_hh + b_h)

# wrong: transposed
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(x @ W_xh.T + h @ W_hh + b_h)

# wrong: a column each
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(W_xh @ x.T + W_hh @ h.T + b_h.reshape(-1, 1))

# wrong: bias outside
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(x @ W_xh.T + h @ W_hh.T) + b_h

# wrong: no bias
def step(W_xh, W_hh, b_h, x, h):
    W_xh, W_hh, x, h = map(torch.tensor, (W_xh, W_hh, x, h))
    return torch.tanh(x @ W_xh.T + h @ W_hh.T).float()

# wrong: sigmoid
def step(W_xh, W_hh, b_h, x, h):
    return 1 / (1 + np.exp(-(x @ W_xh.T + h @ W_hh.T + b_h)))

# wrong: no-return
def step(W_xh, W_hh, b_h, x, h):
    h = np.tanh(x @ W_xh.T + h @ W_hh.T + b_h)

# wrong: ?
def step(W_xh, W_hh, b_h, x, h):
    return np.tanh(W_xh @ x[0] + W_hh @ h[0] + b_h)

# right
def parameter_count(D, H, n_out):
    W_xh, W_hh, b_h = D * H, H * H, H
    W_ho, b_o = H * n_out, n_out
    return W_xh + W_hh + b_h + W_ho + b_o

# right
def parameter_count(D, H, n_out):
    shapes = [(H, D), (H, H), (H,), (n_out, H), (n_out,)]
    return sum(np.prod(s) for s in shapes)

# wrong: two biases
def parameter_count(D, H, n_out):
    layers = [torch.nn.RNN(D, H), torch.nn.Linear(H, n_out)]
    return sum(p.numel() for layer in layers for p in layer.parameters())

# wrong: one number a bias
def parameter_count(D, H, n_out):
    return H * D + H * H + 1 + n_out * H + 1

# wrong: no recurrence
def parameter_count(D, H, n_out):
    return D * H + H + H * n_out + n_out

# wrong: no biases
def parameter_count(D, H, n_out):
    return H * D + H**2 + n_out * H

# wrong: read-out without bias
def parameter_count(D, H, n_out):
    return H * (D + H + 1) + H * n_out

# wrong: no-return
def parameter_count(D, H, n_out):
    print(H * (D + H + 1) + n_out * (H + 1))

# wrong: ?
def parameter_count(D, H, n_out):
    return H * (D + H + 1) * n_out * (H + 1)

# right
def floor_and_chance(a, sigma):
    gamma = sigma**2 / (1 - a * a)
    return [sigma**2, gamma]

# right
def floor_and_chance(a, sigma):
    total = sum(a ** (2 * k) for k in range(1000))
    return np.array([1, total]) * sigma**2

# wrong: deviation
def floor_and_chance(a, sigma):
    return sigma, sigma / math.sqrt(1 - a**2)

# wrong: floor deviation
def floor_and_chance(a, sigma):
    return sigma, sigma**2 / (1 - a**2)

# wrong: not squared
def floor_and_chance(a, sigma):
    return sigma**2, sigma**2 / (1 - a)

# wrong: persistence
def floor_and_chance(a, sigma):
    var = sigma**2 / (1 - a**2)
    return sigma**2, 2 * var * (1 - a)

# wrong: finite sum
def floor_and_chance(a, sigma):
    return sigma**2, a**2 * sigma**2 + sigma**2

# wrong: ?
def floor_and_chance(a, sigma):
    rng = np.random.default_rng(0)
    x = [0]
    for _ in range(10000):
        x.append(a * x[-1] + sigma * rng.normal())
    return sigma**2, np.mean(np.square(x))
