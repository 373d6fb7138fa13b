# Answers to the practice of chapter 16, parity by one unit, as students write them. See gradients.py for the form.

# right
def parity_steps(x):
    return np.where(x == 1, -1, 1), np.where(x == 1, 1, 0)

# right
def parity_steps(x):
    return 1.0 - 2.0 * x, x.astype(float)

# right
def parity_steps(x):
    return (-1) ** x, x

# right
def parity_steps(x):
    a = [[-1 if bit else 1 for bit in row] for row in x]
    b = [[int(bit) for bit in row] for row in x]
    return a, b

# right
def parity_steps(x):
    table = np.array([[1, 0], [-1, 1]], dtype=np.float32)
    chosen = table[x]
    return chosen[:, :, 0], chosen[:, :, 1]

# right
def parity_steps(x):
    a, b = np.ones(x.shape), np.zeros(x.shape)
    a[x > 0] *= -1
    b[x > 0] += 1
    return np.stack([a, b])

# right
def parity_steps(x):
    bits = torch.tensor(x)
    return torch.cos(math.pi * bits), bits

# wrong: counted yourself
def parity_steps(x):
    return np.zeros(x.shape), np.cumsum(x, axis=1) % 2

# wrong: counted yourself
def parity_steps(x):
    parity = np.cumsum(x, axis=1) % 2
    before = np.concatenate([np.zeros((len(x), 1)), parity[:, :-1]], axis=1)
    return np.ones(x.shape), parity - before

# wrong: parity itself
def parity_steps(x):
    h = np.zeros(len(x))
    states = []
    for t in range(x.shape[1]):
        h = (1 - 2 * x[:, t]) * h + x[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# wrong: no input
def parity_steps(x):
    return 1 - 2 * x, np.zeros(x.shape)

# wrong: counts
def parity_steps(x):
    return np.ones_like(x), x

# wrong: sets
def parity_steps(x):
    return 1 - x, x

# wrong: last bit
def parity_steps(x):
    return np.zeros_like(x), x

# wrong: clears
def parity_steps(x):
    return 1 - x, 0 * x

# wrong: always flips
def parity_steps(x):
    return -np.ones(x.shape), x

# wrong: zeros flip
def parity_steps(x):
    return np.where(x == 0, -1, 1), np.where(x == 0, 1, 0)

# wrong: one at zeros
def parity_steps(x):
    return 1 - 2 * x, np.ones(x.shape)

# wrong: plus and minus one
def parity_steps(x):
    a = np.where(x == 1, -1, 1)
    return a, 1 - a

# wrong: subtracts
def parity_steps(x):
    return np.ones(x.shape), -x

# wrong: even
def parity_steps(x):
    return np.where(x == 1, -1, 1), np.where(x == 1, 0, 1)

# wrong: turned
def parity_steps(x):
    return x, 1 - 2 * x

# wrong: factors alone
def parity_steps(x):
    return 1 - 2 * x

# wrong: ?
def parity_steps(x):
    return np.where(x == 1, -0.9, 0.9), 0.9 * x

# wrong: clears
def parity_steps(x):
    return np.where(x == 1, 0.0, 1.0), x * (1 - x)

# wrong: ?
def parity_steps(x):
    return x == 0, x == 1

# wrong: exception
def parity_steps(x):
    if x == 1:
        return -1, 1
    return 1, 0

# wrong: changes-input
def parity_steps(x):
    b = x.copy()
    x[x == 1] = -1
    x[x == 0] = 1
    return x, b

# wrong: no-return
def parity_steps(x):
    a, b = 1 - 2 * x, x
