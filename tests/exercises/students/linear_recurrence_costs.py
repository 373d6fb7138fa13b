# Answers to the practice of chapter 16, work and depth, as students write them. See gradients.py for the form.

# right
def scan_costs(T):
    def tree(n):
        if n == 1:
            return 0, 0
        work, depth = tree(n // 2)
        between = (n - 1) // 2
        return work + n // 2 + between, depth + (2 if between else 1)

    distances = []
    while 2 ** len(distances) < T:
        distances.append(2 ** len(distances))
    return sum(T - d for d in distances), len(distances), *tree(T)

# right
def scan_costs(T):
    rounds = math.ceil(math.log2(T))
    levels = int(math.log2(T))
    sizes = [T >> k for k in range(levels)]
    work = sum(n // 2 + (n - 1) // 2 for n in sizes)
    depth = sum(2 if n > 2 else 1 for n in sizes)
    return T * rounds - (2**rounds - 1), rounds, work, depth

# right
def scan_costs(T):
    work, d = 0, 1
    rounds = 0
    while d < T:
        work += T - d
        rounds += 1
        d *= 2
    return np.array([work, rounds, sum((T >> k) - 1 for k in range(T.bit_length())), tree_depth(T)])

def tree_depth(n):
    return 0 if n < 2 else tree_depth(n // 2) + 1 + (n > 2)

# right
def scan_costs(T):
    # count what is combined: every entry is the set of steps that it stands for
    steps = [frozenset([t]) for t in range(T)]
    counted = [0]

    def both(x, y):
        counted[0] += 1
        return x | y

    doubled, d, rounds = list(steps), 1, 0
    while d < T:
        doubled = [both(doubled[t - d], doubled[t]) if t >= d else doubled[t] for t in range(T)]
        d, rounds = 2 * d, rounds + 1
    work, counted[0] = counted[0], 0

    def scan(items):
        n = len(items)
        if n < 2:
            return items, 0
        even, depth = scan([both(items[i], items[i + 1]) for i in range(0, n - 1, 2)])
        out = [items[0]]
        for t in range(1, n):
            out.append(even[t // 2] if t % 2 else both(even[t // 2 - 1], items[t]))
        return out, depth + 1 + (n > 2)

    made, depth = scan(steps)
    assert made == doubled
    return [work, rounds, counted[0], depth]

# right
def scan_costs(T):
    rounds = (T - 1).bit_length()
    work = float(T * rounds - 2**rounds + 1)
    tree = 0
    depth = 0
    while T > 1:
        tree += T // 2
        depth += 1
        if T > 2:
            tree += (T - 1) // 2
            depth += 1
        T //= 2
    return work, float(rounds), float(tree), float(depth)

# wrong: T in every round
def scan_costs(T):
    rounds = math.ceil(math.log2(T))
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return T * rounds, rounds, tree, depth

# wrong: T log T
def scan_costs(T):
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return T * math.log2(T), math.ceil(math.log2(T)), tree, depth

# wrong: a round too few
def scan_costs(T):
    rounds = int(math.log2(T))
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return sum(T - 2**k for k in range(rounds)), rounds, tree, depth

# wrong: a round too many
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d <= T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return work, rounds, tree, depth

# wrong: a loop
def scan_costs(T):
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return T - 1, T - 1, tree, depth

# wrong: not parallel
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, n = tree + n - 1, n // 2
    return work, rounds, tree, tree

# wrong: pairs alone
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n // 2, depth + 1, n // 2
    return work, rounds, tree, depth

# wrong: one way
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, n = 0, T
    while n > 1:
        tree, n = tree + n // 2 + (n - 1) // 2, n // 2
    return work, rounds, tree, rounds

# wrong: an empty round
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 2, n // 2
    return work, rounds, tree, depth

# wrong: formulas
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    L = math.log2(T)
    return work, rounds, 2 * T - 2 - L, 2 * L - 1 if T > 1 else 0

# wrong: power of 2
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    depth, n = 0, T
    while n > 1:
        depth, n = depth + 1 + (n > 2), n // 2
    return work, rounds, 2 * T - 2 - math.log2(T), depth

# wrong: formulas
def scan_costs(T):
    n = math.ceil(math.log2(T))
    return n * T - T + 1, n, 2 * T - n - 2, 2 * n - 1

# wrong: formulas
def scan_costs(T):
    n = int(math.log2(T))
    return n * T - T + 1, n, 2 * T - n - 2, max(0, 2 * n - 1)

# wrong: formulas
def scan_costs(T):
    if T == 1:
        return 0, 0, 0, 0
    n = np.log2(T)
    return n * T - T + 1, n, 2 * T - n - 2, 2 * n - 1

# wrong: formulas
def scan_costs(T):
    work, n, d = 0, 0, 1
    while d < T:
        work, n, d = work + T - d, n + 1, 2 * d
    return work, n, 2 * T - n - 2, 2 * n - 1

# wrong: about 2T
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    return work, rounds, 2 * T, 2 * math.log2(T)

# wrong: FLOP
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + 3 * (T - d), rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + 3 * (n - 1), depth + 1 + (n > 2), n // 2
    return work, rounds, tree, depth

# wrong: turned
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return tree, depth, work, rounds

# wrong: in pairs
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return (work, rounds), (tree, depth)

# wrong: rounded up
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), (n + 1) // 2
    return work, rounds, tree, depth

# wrong: work and depth
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    tree, depth, n = 0, 0, T
    while n > 1:
        tree, depth, n = tree + n - 1, depth + 1 + (n > 2), n // 2
    return rounds, work, depth, tree

# wrong: ?
def scan_costs(T):
    work, rounds, d = 0, 0, 1
    while d < T:
        work, rounds, d = work + T - d, rounds + 1, 2 * d
    return work, rounds

# wrong: exception
def scan_costs(T):
    rounds = np.ceil(np.log2(T))
    return sum(T - 2**k for k in range(rounds)), rounds, 0, 0
