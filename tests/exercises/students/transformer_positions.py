# Answers to the practice of chapter 13, positions, as students write them. See gradients.py for the form.

# right
def sinusoids(T, D):
    out = np.zeros((T, D))
    for t in range(T):
        for i in range(D // 2):
            out[t, 2 * i] = math.sin(t / 10000 ** (2 * i / D))
            out[t, 2 * i + 1] = math.cos(t / 10000 ** (2 * i / D))
    return out

# right
def sinusoids(T, D):
    angles = np.outer(np.arange(T), np.exp(-np.arange(0, D, 2) * np.log(10000) / D))
    out = np.empty((T, D))
    out[:, 0::2], out[:, 1::2] = np.sin(angles), np.cos(angles)
    return out

# right
def sinusoids(T, D):
    position = torch.arange(T).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, D, 2) * (-math.log(10000.0) / D))
    pe = torch.zeros(T, D)
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe

# right
def sinusoids(T, D):
    j = np.arange(D)
    angles = np.arange(T)[:, None] / np.power(10000, 2 * (j // 2) / D)
    return np.where(j % 2 == 0, np.sin(angles), np.cos(angles))

# wrong: exponent not doubled
def sinusoids(T, D):
    out = np.zeros((T, D))
    for i in range(D // 2):
        out[:, 2 * i] = np.sin(np.arange(T) / 10000 ** (i / D))
        out[:, 2 * i + 1] = np.cos(np.arange(T) / 10000 ** (i / D))
    return out

# wrong: a frequency for each feature
def sinusoids(T, D):
    out = np.zeros((T, D))
    for i in range(0, D, 2):
        out[:, i] = np.sin(np.arange(T) / 10000 ** (i / D))
        out[:, i + 1] = np.cos(np.arange(T) / 10000 ** ((i + 1) / D))
    return out

# wrong: a frequency for each feature
def sinusoids(T, D):
    j = np.arange(D)
    angles = np.arange(T)[:, None] / 10000 ** (2 * j / D)
    return np.where(j % 2 == 0, np.sin(angles), np.cos(angles))

# wrong: exponent turned over
def sinusoids(T, D):
    angles = np.outer(np.arange(T), 10000 ** (np.arange(0, D, 2) / D))
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(T, D)

# wrong: halves
def sinusoids(T, D):
    angles = np.outer(np.arange(T), 10000 ** (-2 * np.arange(D // 2) / D))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)

# wrong: cosines first
def sinusoids(T, D):
    angles = np.outer(np.arange(T), 10000 ** (-2 * np.arange(D // 2) / D))
    return np.stack([np.cos(angles), np.sin(angles)], -1).reshape(T, D)

# wrong: from 1
def sinusoids(T, D):
    angles = np.outer(np.arange(1, T + 1), 10000 ** (-2 * np.arange(D // 2) / D))
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(T, D)

# wrong: transposed
def sinusoids(T, D):
    out = np.zeros((D, T))
    for i in range(D // 2):
        out[2 * i] = np.sin(np.arange(T) / 10000 ** (2 * i / D))
        out[2 * i + 1] = np.cos(np.arange(T) / 10000 ** (2 * i / D))
    return out

# wrong: e for 10000
def sinusoids(T, D):
    angles = np.outer(np.arange(T), np.exp(-2 * np.arange(D // 2) / D))
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(T, D)

# wrong: product for a power
def sinusoids(T, D):
    angles = np.arange(T)[:, None] / (10000 * 2 * np.arange(D // 2) / D)
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(T, D)

# wrong: other spacing
def sinusoids(T, D):
    omega = np.exp(-np.log(10000) * np.arange(D // 2) / (D // 2 - 1))
    angles = np.arange(T)[:, None] * omega
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(T, D)

# wrong: ?
def sinusoids(T, D):
    angles = np.outer(np.arange(T), 10000 ** (-2 * np.arange(D // 2) / D))
    return np.stack([np.sin(angles), np.cos(angles)], 0).reshape(T, D)

# wrong: exception
def sinusoids(T, D):
    return np.sin(np.arange(T) / 10000 ** (2 * np.arange(D) / D))

# right
def rotate(x, positions):
    B, T, D = x.shape
    out = np.zeros(x.shape)
    for t, p in enumerate(positions):
        for i in range(D // 2):
            a = p * 10000 ** (-2 * i / D)
            turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
            out[:, t, 2 * i : 2 * i + 2] = x[:, t, 2 * i : 2 * i + 2] @ turn.T
    return out

# right
def rotate(x, positions):
    D = x.shape[-1]
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(1j * np.outer(positions, 10000 ** (-np.arange(0, D, 2) / D)))
    return np.stack([z.real, z.imag], -1).reshape(x.shape)

# right
def rotate(x, positions):
    x, D = torch.tensor(x), x.shape[-1]
    angles = torch.tensor(positions)[:, None] * 10000 ** (-torch.arange(0, D, 2) / D)
    z = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2)) * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(z).flatten(-2)

# right
def rotate(x, positions):
    D = x.shape[-1]
    angles = np.repeat(positions[:, None] * 10000 ** (-np.arange(0, D, 2) / D), 2, axis=1)
    quarter = np.empty_like(x)
    quarter[..., 0::2], quarter[..., 1::2] = -x[..., 1::2], x[..., 0::2]
    return x * np.cos(angles) + quarter * np.sin(angles)

# wrong: changes-input
def rotate(x, positions):
    angles = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2].copy(), x[..., 1::2].copy()
    x[..., 0::2] = u * np.cos(angles) - v * np.sin(angles)
    x[..., 1::2] = u * np.sin(angles) + v * np.cos(angles)
    return x

# wrong: other way
def rotate(x, positions):
    D = x.shape[-1]
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(-1j * np.outer(positions, 10000 ** (-np.arange(0, D, 2) / D)))
    return np.stack([z.real, z.imag], -1).reshape(x.shape)

# wrong: halves
def rotate(x, positions):
    D = x.shape[-1]
    angles = np.tile(positions[:, None] * 10000 ** (-np.arange(0, D, 2) / D), 2)
    quarter = np.concatenate([-x[..., D // 2 :], x[..., : D // 2]], -1)
    return x * np.cos(angles) + quarter * np.sin(angles)

# wrong: laid in halves
def rotate(x, positions):
    a = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2], x[..., 1::2]
    return np.concatenate([u * np.cos(a) - v * np.sin(a), u * np.sin(a) + v * np.cos(a)], -1)

# wrong: a reflection
def rotate(x, positions):
    out = np.empty_like(x)
    a = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2], x[..., 1::2]
    out[..., 0::2] = u * np.cos(a) + v * np.sin(a)
    out[..., 1::2] = u * np.sin(a) + v * np.cos(a)
    return out

# wrong: turned already
def rotate(x, positions):
    out = x.copy()
    a = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    out[..., 0::2] = out[..., 0::2] * np.cos(a) - out[..., 1::2] * np.sin(a)
    out[..., 1::2] = out[..., 0::2] * np.sin(a) + out[..., 1::2] * np.cos(a)
    return out

# wrong: positions not used
def rotate(x, positions):
    out = np.empty_like(x)
    a = np.arange(len(positions))[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2], x[..., 1::2]
    out[..., 0::2] = u * np.cos(a) - v * np.sin(a)
    out[..., 1::2] = u * np.sin(a) + v * np.cos(a)
    return out

# wrong: along the batch
def rotate(x, positions):
    out = np.empty_like(x)
    a = positions[:, None, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2], x[..., 1::2]
    out[..., 0::2] = u * np.cos(a) - v * np.sin(a)
    out[..., 1::2] = u * np.sin(a) + v * np.cos(a)
    return out

# wrong: exponent not doubled
def rotate(x, positions):
    D = x.shape[-1]
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(1j * np.outer(positions, 10000 ** (-np.arange(D // 2) / D)))
    return np.stack([z.real, z.imag], -1).reshape(x.shape)

# wrong: a frequency for each feature
def rotate(x, positions):
    D = x.shape[-1]
    angles = positions[:, None] * 10000 ** (-np.arange(D) / D)
    quarter = np.stack([-x[..., 1::2], x[..., 0::2]], -1).reshape(x.shape)
    return x * np.cos(angles) + quarter * np.sin(angles)

# wrong: added
def rotate(x, positions):
    angles = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    return x + np.stack([np.sin(angles), np.cos(angles)], -1).reshape(len(positions), -1)

# wrong: ?
def rotate(x, positions):
    D = x.shape[-1]
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(1j * np.outer(positions, 1000 ** (-np.arange(0, D, 2) / D)))
    return np.stack([z.real, z.imag], -1).reshape(x.shape)

# wrong: laid in halves
def rotate(x, positions):
    angles = positions[:, None] * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    u, v = x[..., 0::2], x[..., 1::2]
    pairs = [u * np.cos(angles) - v * np.sin(angles), u * np.sin(angles) + v * np.cos(angles)]
    return np.stack(pairs, 2).reshape(x.shape)

# wrong: exception
def rotate(x, positions):
    angles = positions * 10000 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    return np.cos(angles) * x
