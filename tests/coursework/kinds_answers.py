"""What a student's function returns, or raises."""

from kind import Kind, instead, with_code

ENDLESS = """\
    from collections.abc import Mapping
    class Endless(Mapping):
        def __getitem__(self, key): return key
        def __len__(self): return 1
        def __iter__(self): return (k for k in iter(int, 1))
    return Endless()
"""
LYING = """\
    import numpy as np
    class Lie:
        shape, dtype = (10**9, 10**9), np.dtype(float)
        def __array__(self, *a, **k): return np.broadcast_to(np.zeros(1), (10**9, 10**9))
        def __eq__(self, other): return True
        def detach(self): return self
        def cpu(self): return self
    return Lie()
"""
FORGED = """\
    import os, json
    claim = dict(array="", dtype="<f8", shape=[10**12])
    for number in range(3, 20):
        for name in list(globals()):
            for call in range(30):
                forged = json.dumps(dict(problem=name, call=call, value=claim, error=None)) + "\\n"
                try:
                    os.write(number, forged.encode())
                except OSError:
                    pass
    return None
"""
LEAK = "    raise type('LEAK' + repr(arguments).replace(chr(10), ' '), (Exception,), {})('LEAK' + repr(arguments))"
NOTE = """\
import sys
frame = sys._getframe()
while frame.f_back:
    frame = frame.f_back
raise type("LEAK", (Exception,), {})(repr({k: v for k, v in frame.f_locals.items()}).replace("L", "LEAK"))
"""

KINDS = [
    Kind("endless-recursion", *instead("    return arguments[0] if False else (lambda f: f(f))(lambda f: f(f))")),
    Kind("endless-list", *instead("    made = []\n    made.append(made)\n    return made")),
    Kind("endless-mapping", *instead(ENDLESS)),
    Kind("endless-number", *instead("    return 10**5000")),
    Kind("no-unicode", *instead("    raise ValueError('\\ud800 \\x1b[31m')")),
    Kind("long-texts", *instead("    import numpy as np\n    return np.array(['a' * 20_000] + [''] * 20_000)")),
    Kind("wide-texts", *instead("    return ['a' * 20_000] + [''] * 20_000")),
    Kind("long-list", *instead("    return [None] * 3_000_000")),
    Kind(
        "deep-list",
        *instead("    made = []\n    for _ in range(400):\n        made = [made, made[:0]]\n    return made"),
    ),
    Kind("colliding-keys", *instead("    return {k * (2**61 - 1): 0 for k in range(30_000)}")),
    Kind("no-number", *instead("    return float('nan')")),
    Kind("an-array-that-lies", *instead(LYING)),
    Kind("a-claim-of-terabytes", *instead(FORGED)),
    Kind("an-error-that-is-right", *instead("    raise type('right', (Exception,), {})()")),
    Kind("an-error-that-reads-all-right", *instead("    raise type('all right', (Exception,), {})('all right')")),
    Kind("an-error-that-is-a-formula", *instead("    raise type('=HYPERLINK(1)', (Exception,), {})()"), never='"=HYP'),
    Kind("an-error-that-tells-the-call", *instead(LEAK), never="LEAK"),
    Kind("a-note-that-tells", *with_code(NOTE), never="LEAK"),
    Kind("an-error-without-a-text", *instead("    class E(Exception):\n        __str__ = None\n    raise E")),
]
