"""Every Python that the grader's tests start begins without a parser that takes it two seconds, and that no test needs.

jsonschema, which nbgrader and JupyterLab import, builds the grammar of RFC 3987 where it finds this package.
"""

import sys

sys.modules["rfc3987_syntax"] = None
