"""What Jupyter runs, and plain Python does not; and cells that fail."""

from kind import SPOIL, Kind, before_each, changed, code, harmless, with_code

IN_A_TEXT = '''\
said = """
%timeit x
!ls
x?
"""
found = said != "\\n%timeit x\\n!ls\\nx" + "?\\n"
total = (1000
  % 7)
found = found or total != 6
'''
IN_A_CONDITION = """\
import sys
if True:
    %matplotlib inline
    !ls
    usual = 1
found = usual != 1
"""


def slow(notebook):
    """A table that takes three quarters of what a call may take, which all that follows needs."""
    notebook["cells"].insert(0, code("import time\nTABLE = time.sleep(0.7) or 1"))
    notebook["cells"].append(code("found = 'TABLE' not in globals()" + SPOIL))


KINDS = [
    Kind("magic", *with_code("%matplotlib inline\n!ls\n%%time")),
    Kind("timed-cells", *before_each("%%time")),
    Kind("captured-cells", *before_each("%%capture out")),
    Kind("magic-above-a-solution", *before_each("%matplotlib inline\n%config InlineBackend.figure_format = 'retina'")),
    Kind("help-above-a-solution", *before_each("len?\n?len\nprint??")),
    Kind("shell-above-a-solution", *before_each("files = !ls\n!pip install numpy\nhere = %pwd")),
    Kind("timed-statements", *before_each("%time once = sum(range(10))\n%timeit -n1 -r1 sum(range(10))")),
    Kind("from-the-future", *before_each("from __future__ import annotations")),
    Kind("magic-in-texts", *harmless(IN_A_TEXT)),
    Kind("magic-in-a-block", *harmless(IN_A_CONDITION)),
    Kind("another-language", *with_code("%%bash\nfor i in 1 2; do echo $i; done")),
    Kind("awaits", *harmless("import asyncio\nasync def two(): return 2\ngot = await two()\nfound = got != 2")),
    Kind("asks", *with_code("name = input('Your name: ')\nget_ipython().run_line_magic('matplotlib', 'inline')")),
    Kind("a-cell-that-fails", *with_code("1 / 0\nnever = 1")),
    Kind("an-odd-dedent", *with_code("  x = 1\n  y = 2")),
    Kind("a-slow-constant", changed(slow), "all"),
]
