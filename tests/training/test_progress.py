"""The bar: where somebody watches, and gone afterwards."""

import pytest
from jupyter_client.manager import start_new_kernel

from seqlib.training import fit


def test_says_nothing_when_nobody_watches(capfd, network, task):
    fit(network, task, steps=3)
    fit(network, task, steps=3, progress=False)
    assert capfd.readouterr() == ("", "")


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all tests here: each takes seconds to start."""
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def outputs_in_a_notebook(client, cells, somebody_watches):
    """What a front end holds after running each cell: clearing and updating done, empty displays left in."""
    found, places = [], {}

    def take(message):
        content, kind = message["content"], message["msg_type"]
        if kind == "clear_output":
            found[-1].clear()
        elif kind == "stream":
            found[-1].append(content["text"])
        elif kind == "display_data":
            places[content["transient"].get("display_id")] = found[-1], len(found[-1])
            found[-1].append(content["data"])
        elif kind == "update_display_data":
            cell, i = places[content["transient"]["display_id"]]
            assert content["data"] != cell[i]
            cell[i] = content["data"]

    for cell in cells:
        found.append([])
        client.execute_interactive(cell, allow_stdin=somebody_watches, output_hook=take, store_history=True, timeout=60)
    return found, places


@pytest.mark.parametrize("somebody_watches", [True, False])
def test_the_bar_in_a_notebook_leaves_nothing_and_takes_nothing_away(kernel, somebody_watches):
    begin = (
        "from seqlib.nn import RNN, SequenceModel\nfrom seqlib.tasks import Adding\nfrom seqlib.training import fit\n"
        "def go(): fit(lambda: SequenceModel(RNN(2, 8, batch_first=True), 1), Adding(20), steps=40)"
    )
    cells = [begin, "go(); go()", "go(); print('after')", "print('before'); go(); print('after')"]
    found, bars = outputs_in_a_notebook(kernel, cells, somebody_watches)
    assert len(bars) == (4 if somebody_watches else 0)
    assert found[:3] == [[], [], ["after\n"]]
    text = [output for output in found[3] if output]
    assert "".join(text) == "before\nafter\n"
