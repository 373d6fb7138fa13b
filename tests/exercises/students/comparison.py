# Answers to the practice of chapter 8, as students write them. See gradients.py for the form.

# right
def equal_units(P, G, D, K):
    H = 0
    while G * (H + 1) * (D + (H + 1) + 2) + K * (H + 1 + 1) <= P:
        H += 1
    return H

# right
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) + K * (h + 1) <= P)

# right
def equal_units(P, G, D, K):
    a, b, c = G, G * D + 2 * G + K, K - P
    return int((-b + math.sqrt(b**2 - 4 * a * c)) / (2 * a))

# right
def equal_units(P, G, D, K):
    roots = np.roots([G, G * (D + 2) + K, K - P])
    return np.floor(roots.max())

# right
def equal_units(P, G, D, K):
    def size(h):
        core = torch.nn.RNN(D, h)
        out = torch.nn.Linear(h, K)
        return G * sum(p.numel() for p in core.parameters()) + sum(p.numel() for p in out.parameters())
    h = 1
    while size(h + 1) <= P:
        h += 1
    return h

# wrong: not whole
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return (-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G)

# wrong: one too many
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return math.ceil((-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G))

# wrong: nearest
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return round((-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G))

# wrong: one bias
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 1) + K * (h + 1) <= P)

# wrong: no bias
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * (D * h + h * h) + K * (h + 1) <= P)

# wrong: no read-out
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) <= P)

# wrong: no bias of the read-out
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) + K * h <= P)

# wrong: four blocks
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if sum(p.numel() for p in [*torch.nn.LSTM(D, h).parameters(), *torch.nn.Linear(h, K).parameters()]) <= P)

# wrong: one block
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if h * (D + h + 2) + K * (h + 1) <= P)

# wrong: by the square alone
def equal_units(P, G, D, K):
    return math.floor(math.sqrt(P / G))

# wrong: exception
def equal_units(P, G, D, K):
    return math.sqrt(G * (D + 2) - P)

# right
def products(G, D, H, B, T):
    total = 0
    for t in range(T):
        forward = B * G * H * D + B * G * H * H
        gradients = B * G * H * D + B * G * H * H
        weights = G * H * B * D + G * H * B * H
        total += forward + gradients + weights
    return total

# right
def products(G, D, H, B, T):
    return 3 * T * B * (G * H * D + G * H**2)

# right
def products(G, D, H, B, T):
    return np.prod([3, G, H, D + H, B, T])

# right
def products(G, D, H, B, T):
    one = G * H * (D + H)
    return B * T * one + 2 * B * T * one

# right
def products(G, D, H, B, T):
    rows = G * H
    return float(B * T * (rows * D * 3 + rows * H * 3))

# wrong: forward only
def products(G, D, H, B, T):
    return B * T * G * H * (D + H)

# wrong: two products
def products(G, D, H, B, T):
    return 2 * B * T * G * H * (D + H)

# wrong: biases
def products(G, D, H, B, T):
    return 3 * B * T * G * H * (D + H + 2)

# wrong: additions
def products(G, D, H, B, T):
    return 3 * B * T * 2 * G * H * (D + H)

# wrong: one sequence
def products(G, D, H, B, T):
    return 3 * T * G * H * (D + H)

# wrong: one step
def products(G, D, H, B, T):
    return 3 * B * G * H * (D + H)

# wrong: state alone
def products(G, D, H, B, T):
    return 3 * B * T * G * H * H

# wrong: no blocks
def products(G, D, H, B, T):
    return 3 * B * T * H * (D + H)

# wrong: four blocks
def products(G, D, H, B, T):
    return 12 * B * T * H * (D + H)

# wrong: ?
def products(G, D, H, B, T):
    return 3 * B * T * G * H * D * H

# wrong: ?
def products(G, D, H, B, T):
    return 3 * B * (T - 1) * G * H * (D + H)
