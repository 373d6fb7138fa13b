"""What uses up the machine. Each ends by itself: after seconds, or after 4 GB at the most."""

from kind import Kind, harmless, instead, with_code

FORK = """\
import os, time
for _ in range(200):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
"""
BUSY = """\
import os, time
for _ in range(58):
    try:
        if os.fork() == 0:
            end = time.monotonic() + 6
            while time.monotonic() < end: pass
            os._exit(0)
    except OSError:
        break
"""
SHARED = """\
import mmap
maps = []
for _ in range(7):
    maps.append(mmap.mmap(-1, 1 << 29))
    for place in range(0, 1 << 29, 4096):
        maps[-1][place] = 1
"""
FILES = """\
import os, tempfile
found = 0
places = [p for p in ("/", "/dev", "/dev/shm", "/tmp", "/var/tmp", "/run", "/proc", "/usr") if os.access(p, os.W_OK)]
for number, place in enumerate(places * 30):
    try:
        with open(f"{place}/big-{number}", "wb") as file:
            for _ in range(50):
                file.write(bytes(1_000_000))
                found += 1
    except OSError:
        continue
found = found > 200
"""
MEMFD = """\
import os
numbers = []
try:
    for _ in range(60):
        numbers.append(os.memfd_create("hog"))
        for _ in range(60):
            os.write(numbers[-1], bytes(1_000_000))
except OSError:
    pass
for number in numbers:
    os.close(number)
"""
OPEN = """\
files = []
try:
    for _ in range(100_000):
        files.append(open("/dev/null"))
except OSError:
    del files
"""
THREADS = """\
import threading, time
try:
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(20,), daemon=False).start()
except RuntimeError:
    pass
"""

KINDS = [
    Kind("fork-bomb", *with_code(FORK)),
    Kind("busy-loops", *with_code(BUSY, mark="some")),
    Kind("memory-hog", *with_code("hog = bytearray(8_000_000_000)")),
    Kind("memory-hog-in-a-function", *instead("    return bytearray(8_000_000_000)")),
    Kind("shared-memory", *with_code(SHARED, mark="some")),
    Kind("files-in-memory", *harmless(FILES)),
    Kind("memfd", *with_code(MEMFD, mark="some")),
    Kind("open-files", *with_code(OPEN)),
    Kind("threads", *with_code(THREADS)),
    Kind("flood-of-output", *with_code("for _ in range(1000):\n    print('x' * 10_000_000)")),
    Kind("huge-answer", *instead("    import numpy as np\n    return np.zeros(20_000_000)")),
    Kind(
        "huge-file-written",
        *with_code("with open('big', 'wb') as f:\n    for _ in range(200): f.write(bytes(1_000_000))"),
    ),
    Kind("leaves-a-process", *with_code("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(100)")),
]
HOGS = [
    "busy-loops",
    "shared-memory",
    "fork-bomb",
    "memfd",
    "files-in-memory",
]  # beside whom honest people must not suffer
