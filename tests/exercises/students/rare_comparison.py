# More answers to the practice of chapter 8, found by one who tried it as a student. See gradients.py for the form.

# wrong: strictly fewer
def equal_units(P, G, D, K):
    return max((h for h in range(1, 500) if G * h * (D + h + 2) + K * (h + 1) < P), default=0)

# wrong: strictly fewer
def equal_units(P, G, D, K):
    H = 0
    while G * (H + 1) * (D + H + 3) + K * (H + 2) < P:
        H += 1
    return H

# wrong: two biases of the read-out
def equal_units(P, G, D, K):
    return max((h for h in range(1, 500) if G * h * (D + h + 2) + K * (h + 2) <= P), default=0)

# wrong: a bias is a number
def equal_units(P, G, D, K):
    return max((h for h in range(1, 500) if G * (h * (D + h) + 2) + K * (h + 1) <= P), default=0)

# wrong: no weights of the read-out
def equal_units(P, G, D, K):
    b = G * (D + 2)
    return math.floor((-b + math.sqrt(b * b - 4 * G * (K - P))) / (2 * G))

# wrong: no bias of the read-out
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return int((-b + math.sqrt(b * b + 4 * G * P)) / (2 * G))

# wrong: nearest
def equal_units(P, G, D, K):
    r = np.roots([G, G * (D + 2) + K, K - P])
    return np.rint(r[r > 0][0])

# wrong: nearest
def equal_units(P, G, D, K):
    h = np.arange(1, 500)
    return h[np.abs(G * h * (D + h + 2) + K * (h + 1) - P).argmin()]

# wrong: read-out of both
def equal_units(P, G, D, K):
    return max((h for h in range(1, 500) if G * h * (D + h + 2) + K * (D + h + 1) <= P), default=0)

# wrong: read-out of the inputs
def equal_units(P, G, D, K):
    return max((h for h in range(1, 500) if G * h * (D + h + 2) + K * (D + 1) <= P), default=0)

# wrong: one too few
def equal_units(P, G, D, K):
    H = 1
    while G * H * (D + H + 2) + K * (H + 1) <= P:
        H += 1
    return H - 2

# wrong: one too many
def equal_units(P, G, D, K):
    H = 1
    while G * H * (D + H + 2) + K * (H + 1) <= P:
        H += 1
    return H

# wrong: ?
def equal_units(P, G, D, K):
    return P // (G * (D + 2) + K)

# wrong: weights once
def products(G, D, H, B, T):
    W = G * H * (D + H)
    return 2 * B * T * W + W

# wrong: weights once
def products(G, D, H, B, T):
    total = 0
    for t in range(T):
        total += 2 * B * G * H * (D + H) + G * H * (D + H)
    return total

# wrong: weights once
def products(G, D, H, B, T):
    one_sequence = 2 * T * G * H * (D + H) + G * H * (D + H)
    return B * one_sequence

# wrong: no gradient of the inputs
def products(G, D, H, B, T):
    return B * T * G * (2 * H * D + 3 * H * H)

# wrong: no gradient of the inputs
def products(G, D, H, B, T):
    forward = B * T * G * H * (D + H)
    weights = forward
    states = B * (T - 1) * G * H * H
    return forward + weights + states

# wrong: no gradient of the first state
def products(G, D, H, B, T):
    forward = T * B * G * H * (D + H)
    return 2 * forward + B * T * G * H * D + B * (T - 1) * G * H * H

# wrong: first state left out
def products(G, D, H, B, T):
    return 3 * B * G * (T * H * D + (T - 1) * H * H)

# wrong: four times
def products(G, D, H, B, T):
    return 4 * B * T * G * H * (D + H)

# wrong: one of one
def products(G, D, H, B, T):
    return 3 * G * H * (D + H)

# wrong: inputs alone
def products(G, D, H, B, T):
    return 3 * B * T * G * H * D

# wrong: ?
def products(G, D, H, B, T):
    return 3 * B * T * G * (D + H) ** 2
