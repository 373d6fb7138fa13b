# Answers to the practice of chapter 16, two steps as one, as students write them. See gradients.py for the form.

# right
def combine_steps(a, b, a2, b2):
    return a * a2, b2 + b * a2

# right
def combine_steps(a, b, a2, b2):
    def both(h):
        return a2 * (a * h + b) + b2

    return both(1) - both(0), both(0)

# right
def combine_steps(a, b, a2, b2):
    return [np.multiply(a2, a), np.add(np.multiply(a2, b), b2)]

# right
def combine_steps(a, b, a2, b2):
    a, b, a2, b2 = (np.asarray(y, dtype=np.float32) for y in (a, b, a2, b2))
    factor = a * a2
    added = b * a2
    added += b2
    return factor, added

# right
def combine_steps(a, b, a2, b2):
    a, b, a2, b2 = (torch.as_tensor(y) for y in (a, b, a2, b2))
    return a2 * a, torch.addcmul(b2, a2, b)

# right
def combine_steps(a, b, a2, b2):
    out = np.zeros((2, *np.shape(a)))
    out[0] = a2 * a
    out[1] = a2 * b + b2
    return out

# right
def combine_steps(a, b, a2, b2):
    # as matrices that act on (h, 1)
    first, second = np.zeros((2, *np.shape(a), 2, 2))
    first[..., 0, 0], first[..., 0, 1], first[..., 1, 1] = a, b, 1
    second[..., 0, 0], second[..., 0, 1], second[..., 1, 1] = a2, b2, 1
    both = second @ first
    return both[..., 0, 0], both[..., 0, 1]

# wrong: other way round
def combine_steps(a, b, a2, b2):
    return a * a2, a * b2 + b

# wrong: b not multiplied
def combine_steps(a, b, a2, b2):
    return a * a2, b + b2

# wrong: own factors
def combine_steps(a, b, a2, b2):
    return a2 * a, b2 + a * b

# wrong: both factors
def combine_steps(a, b, a2, b2):
    new_a = a * a2
    return new_a, new_a * b + b2

# wrong: everything multiplied
def combine_steps(a, b, a2, b2):
    return a * a2, a2 * (b + b2)

# wrong: second b left out
def combine_steps(a, b, a2, b2):
    return a * a2, b * a2

# wrong: first b left out
def combine_steps(a, b, a2, b2):
    return a * a2, b2

# wrong: b's multiplied
def combine_steps(a, b, a2, b2):
    return a * a2, b * b2

# wrong: factors added
def combine_steps(a, b, a2, b2):
    return a + a2, a2 * b + b2

# wrong: second factor alone
def combine_steps(a, b, a2, b2):
    h = a2 * b + b2
    return a2, h

# wrong: second alone
def combine_steps(a, b, a2, b2):
    return a2, b2

# wrong: b alone
def combine_steps(a, b, a2, b2):
    h = b
    h = a2 * h + b2
    return h

# wrong: turned
def combine_steps(a, b, a2, b2):
    return a2 * b + b2, a2 * a

# wrong: no-return
def combine_steps(a, b, a2, b2):
    print(a2 * a, a2 * b + b2)

# wrong: changes-input
def combine_steps(a, b, a2, b2):
    b2 += a2 * b
    a2 *= a
    return a2, b2

# wrong: product of matrices
def combine_steps(a, b, a2, b2):
    return a2 @ a, a2 @ b + b2

# wrong: product of matrices
def combine_steps(a, b, a2, b2):
    return a2 * a, np.dot(a2, b) + b2

# wrong: exception
def combine_steps(a, b, a2, b2):
    return a2[..., 0] * a, a2 * b + b2

# wrong: ?
def combine_steps(a, b, a2, b2):
    return a2 * a, a2 * b - b2
