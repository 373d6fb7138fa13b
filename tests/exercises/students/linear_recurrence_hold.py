# Answers to the practice of chapter 16, zero-order hold, as students write them. See gradients.py for the form.

# right
def zero_order_hold(delta, A, B):
    z = delta * A
    small = np.abs(z) < 1e-6
    phi = np.where(small, 1 + z / 2, np.expm1(z) / np.where(small, 1, z))
    return np.exp(z), delta * phi * B

# right
def zero_order_hold(delta, A, B):
    a, b = [], []
    for d, k, m in zip(delta, A, B):
        a.append(math.exp(d * k))
        b.append(d * m if k == 0 else math.expm1(d * k) / k * m)
    return a, b

# right
def zero_order_hold(delta, A, B):
    with np.errstate(all="ignore"):
        held = np.expm1(delta * A) / A
    held[A == 0] = delta[A == 0]
    return np.exp(delta * A), held * B

# right
def zero_order_hold(delta, A, B):
    delta, A, B = delta.astype(np.float32), A.astype(np.float32), B.astype(np.float32)
    z = delta * A
    b = delta.copy()
    far = z != 0
    b[far] *= np.expm1(z[far]) / z[far]
    b *= B
    return np.exp(z), b

# right
def zero_order_hold(delta, A, B):
    # the integral of exp(A s) from 0 to delta, by its series
    z = delta * A
    term, total = np.ones_like(z), np.zeros_like(z)
    for k in range(1, 40):
        total += term
        term = term * z / (k + 1)
    return np.exp(z), delta * total * B

# right
def zero_order_hold(delta, A, B):
    # (e^z - 1) / z = e^(z/2) sinh(z/2) / (z/2)
    z = delta * A
    half = np.where(z == 0, 1, z / 2)
    share = np.where(z == 0, 1, np.exp(half) * np.sinh(half) / half)
    return [np.exp(z), delta * share * B]

# right
def zero_order_hold(delta, A, B):
    delta, A, B = torch.tensor(delta), torch.tensor(A), torch.tensor(B)
    held = torch.where(A == 0, delta, torch.expm1(delta * A) / torch.where(A == 0, torch.ones_like(A), A))
    return (delta * A).exp(), held * B

# wrong: divided by zero
def zero_order_hold(delta, A, B):
    a = np.exp(delta * A)
    return a, (a - 1) / A * B

# wrong: divided by zero
def zero_order_hold(delta, A, B):
    return np.exp(A * delta), np.expm1(A * delta) * B / A

# wrong: cancelled
def zero_order_hold(delta, A, B):
    a = np.exp(delta * A)
    b = delta * B
    there = A != 0
    b[there] = (a[there] - 1) / A[there] * B[there]
    return a, b

# wrong: a little added
def zero_order_hold(delta, A, B):
    a = np.exp(delta * A)
    return a, np.expm1(delta * A) / (A + 1e-8) * B

# wrong: zero in its place
def zero_order_hold(delta, A, B):
    a = np.exp(delta * A)
    with np.errstate(all="ignore"):
        b = np.nan_to_num((a - 1) / A) * B
    return a, b

# wrong: zero in its place
def zero_order_hold(delta, A, B):
    b = np.zeros_like(A)
    np.divide(np.expm1(delta * A), A, out=b, where=A != 0)
    return np.exp(delta * A), b * B

# wrong: euler
def zero_order_hold(delta, A, B):
    return 1 + delta * A, delta * B

# wrong: mixed
def zero_order_hold(delta, A, B):
    return np.exp(delta * A), delta * B

# wrong: decayed
def zero_order_hold(delta, A, B):
    a = np.exp(delta * A)
    return a, a * delta * B

# wrong: bilinear
def zero_order_hold(delta, A, B):
    below = 1 - delta * A / 2
    return (1 + delta * A / 2) / below, delta * B / below

# wrong: backward euler
def zero_order_hold(delta, A, B):
    a = 1 / (1 - delta * A)
    return a, a * delta * B

# wrong: no division
def zero_order_hold(delta, A, B):
    return np.exp(delta * A), np.expm1(delta * A) * B

# wrong: divided by both
def zero_order_hold(delta, A, B):
    z = delta * A
    phi = np.where(z == 0, 1, np.expm1(z) / np.where(z == 0, 1, z))
    return np.exp(z), phi * B

# wrong: length twice
def zero_order_hold(delta, A, B):
    held = np.where(A == 0, delta, np.expm1(delta * A) / np.where(A == 0, 1, A))
    return np.exp(delta * A), held * delta * B

# wrong: sign
def zero_order_hold(delta, A, B):
    held = np.where(A == 0, -delta, -np.expm1(delta * A) / np.where(A == 0, 1, A))
    return np.exp(delta * A), held * B

# wrong: no B
def zero_order_hold(delta, A, B):
    return np.exp(delta * A), np.where(A == 0, delta, np.expm1(delta * A) / np.where(A == 0, 1, A))

# wrong: length not in the factor
def zero_order_hold(delta, A, B):
    return np.exp(A), np.where(A == 0, delta, np.expm1(delta * A) / np.where(A == 0, 1, A)) * B

# wrong: turned
def zero_order_hold(delta, A, B):
    return np.where(A == 0, delta, np.expm1(delta * A) / np.where(A == 0, 1, A)) * B, np.exp(delta * A)

# wrong: input alone
def zero_order_hold(delta, A, B):
    return np.where(A == 0, delta, np.expm1(delta * A) / np.where(A == 0, 1, A)) * B

# wrong: exception
def zero_order_hold(delta, A, B):
    if A == 0:
        return np.ones_like(A), delta * B
    return np.exp(delta * A), (np.exp(delta * A) - 1) / A * B

# wrong: changes-input
def zero_order_hold(delta, A, B):
    delta *= A
    return np.exp(delta), np.where(A == 0, 0, np.expm1(delta) / np.where(A == 0, 1, A)) * B

# wrong: no-return
def zero_order_hold(delta, A, B):
    a_bar = np.exp(delta * A)
    b_bar = np.expm1(delta * A) * B

# wrong: ?
def zero_order_hold(delta, A, B):
    # B̄ at the middle of the step
    return np.exp(delta * A), delta * np.exp(delta * A / 2) * B
