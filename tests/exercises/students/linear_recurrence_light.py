# Answers to the practice of chapter 16, a light with four buttons, as students write them. See gradients.py for the
# form.

# right
def light_steps(x):
    a = np.where(x == 0, 1, np.where(x == 1, -1, 0))
    b = np.where((x == 1) | (x == 3), 1, 0)
    return a, b

# right
def light_steps(x):
    return np.array([1, -1, 0, 0])[x], np.array([0, 1, 0, 1])[x]

# right
def light_steps(x):
    # a button sends 0 to one state, and 1 to another
    table = {0: (0, 1), 1: (1, 0), 2: (0, 0), 3: (1, 1)}
    a = [[table[button][1] - table[button][0] for button in row] for row in x.tolist()]
    b = [[table[button][0] for button in row] for row in x.tolist()]
    return a, b

# right
def light_steps(x):
    a, b = np.zeros(x.shape), np.zeros(x.shape)
    for i in range(x.shape[0]):
        for t in range(x.shape[1]):
            if x[i, t] == 0:
                a[i, t] = 1
            elif x[i, t] == 1:
                a[i, t] = -1
                b[i, t] = 1
            elif x[i, t] == 3:
                b[i, t] = 1
    return np.stack([a, b])

# right
def light_steps(x):
    hot = np.eye(4, dtype=np.float32)[x]
    return hot @ np.float32([1, -1, 0, 0]), np.einsum("btk,k->bt", hot, np.float32([0, 1, 0, 1]))

# right
def light_steps(x):
    a = (x == 0).astype(float)
    a -= x == 1
    return a, (x % 2).astype(float)

# right
def light_steps(x):
    buttons = torch.tensor(x)
    return torch.tensor([1.0, -1.0, 0.0, 0.0])[buttons], torch.remainder(buttons, 2)

# wrong: told the state
def light_steps(x):
    h = np.zeros(len(x))
    states = np.zeros(x.shape)
    for t in range(x.shape[1]):
        h = np.where(x[:, t] == 1, 1 - h, np.where(x[:, t] == 2, 0, np.where(x[:, t] == 3, 1, h)))
        states[:, t] = h
    return np.zeros(x.shape), states

# wrong: light itself
def light_steps(x):
    h, states = np.zeros(len(x)), []
    for t in range(x.shape[1]):
        a, b = np.array([1, -1, 0, 0])[x[:, t]], np.array([0, 1, 0, 1])[x[:, t]]
        h = a * h + b
        states.append(h)
    return np.stack(states, 1)

# wrong: turns on
def light_steps(x):
    return np.where(x == 0, 1, 0), np.where(x % 2 == 1, 1, 0)

# wrong: counts
def light_steps(x):
    return np.where(x < 2, 1, 0), np.where(x % 2 == 1, 1, 0)

# wrong: turned without 1
def light_steps(x):
    return np.array([1, -1, 0, 0])[x], np.array([0, 0, 0, 1])[x]

# wrong: signs
def light_steps(x):
    return np.array([1, -1, 0, 0])[x], np.array([0, 0, -1, 1])[x]

# wrong: on and off swapped
def light_steps(x):
    return np.array([1, -1, 0, 0])[x], np.array([0, 1, 1, 0])[x]

# wrong: nothing and turn swapped
def light_steps(x):
    return np.array([-1, 1, 0, 0])[x], np.array([1, 0, 0, 1])[x]

# wrong: adds and subtracts
def light_steps(x):
    return np.array([1, -1, 1, 1])[x], np.array([0, 1, -1, 1])[x]

# wrong: keeps when on
def light_steps(x):
    a = np.where(x == 1, -1, 1)
    a[x == 2] = 0
    return a, x % 2

# wrong: forgets
def light_steps(x):
    return np.where(x == 1, -1, 0), x % 2

# wrong: turns at each step
def light_steps(x):
    return np.where(x < 2, -1, 0), x % 2

# wrong: never on
def light_steps(x):
    return np.array([1, -1, 0, 0])[x], np.array([0, 1, 0, 0])[x]

# wrong: parity
def light_steps(x):
    bit = (x == 1).astype(int)
    return 1 - 2 * bit, bit

# wrong: by number
def light_steps(x):
    return 1 - 2 * x, x

# wrong: turned
def light_steps(x):
    return x % 2, np.array([1, -1, 0, 0])[x]

# wrong: factors alone
def light_steps(x):
    return np.array([1, -1, 0, 0])[x]

# wrong: ?
def light_steps(x):
    return np.array([1, -0.9, 0, 0])[x], np.array([0, 0.9, 0, 1])[x]

# wrong: ?
def light_steps(x):
    return (x == 0), (x % 2 == 1)

# wrong: exception
def light_steps(x):
    if x == 0:
        return 1, 0
    return -1, 1

# wrong: changes-input
def light_steps(x):
    b = x % 2
    x[x > 1] = 2
    return np.array([1, -1, 0])[x], b

# wrong: no-return
def light_steps(x):
    a, b = np.array([1, -1, 0, 0])[x], x % 2
