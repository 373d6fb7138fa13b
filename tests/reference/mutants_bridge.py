"""Planted bugs of seqlib/reference/bridge.py."""

FILE = "seqlib/reference/bridge.py"
TESTS = ["tests/reference/test_bridge.py"]
MUTANTS = {
    "no-tanh": ("starts.append((np.tanh(a[0]), *a[1:]))", "starts.append(tuple(a))"),
    "tanh-of-the-cell-too": (
        "starts.append((np.tanh(a[0]), *a[1:]))",
        "starts.append(tuple(np.tanh(part) for part in a))",
    ),
    "no-bias": ("state @ affine.W.T + affine.b for", "state @ affine.W.T for"),
    "slope-forgotten": ("            da[0] = da[0] * (1 - starts[0] ** 2)\n", ""),
    "slope-of-the-cell-too": (
        "            da[0] = da[0] * (1 - starts[0] ** 2)\n",
        "            da = [d * (1 - start**2) for d, start in zip(da, starts, strict=True)]\n",
    ),
    "slope-of-what-was-read": ("(1 - starts[0] ** 2)", "(1 - np.tanh(states[0]).sum(1, keepdims=True) ** 2)"),
    "bias-gradient-is-a-mean": ("Affine(d.T @ state, d.sum(0))", "Affine(d.T @ state, d.mean(0))"),
    "map-gradient-of-the-starts": (
        "Affine(d.T @ state, d.sum(0))",
        "Affine(d.T @ state * (1 + (d.T @ state > 0)), d.sum(0))",
    ),
    "map-not-on-the-way-back": (
        "da = [d @ affine.W for d, affine in zip(da, maps, strict=True)]",
        "da = [d @ np.abs(affine.W) for d, affine in zip(da, maps, strict=True)]",
    ),
    "directions-swapped": (
        "sides = final if isinstance(final, Directions)",
        "sides = final[::-1] if isinstance(final, Directions)",
    ),
    "directions-swapped-on-the-way-back": ("Directions(*sides) if", "Directions(*sides[::-1]) if"),
    "one-direction-alone": (
        "Directions(*sides) if",
        "Directions(sides[0], tuple(0 * side for side in sides[1])) if",
    ),
    "states-swapped": ("sides = [tuple(side) for", "sides = [tuple(side)[::-1] for"),
    "maps-of-the-first-layer": ("maps = cache.params[number]", "maps = cache.params[0]"),
    "maps-are-the-callers": ("W = np.array(real_array", "W = (real_array"),
    "starts-are-the-caches": ("return _copied(starts), Cache(", "return starts, Cache("),
    "cotangents-unchecked": ('[real_array("dstarts", dstart, start.shape) for', "[np.asarray(dstart) for"),
    "finals-of-any-kind": ("    if not all(isinstance(side, tuple) for side in sides):\n", "    if False:\n"),
}
