"""One of two processes that share a batch: python two_processes.py RANK STORE. 0 if the gradients are right."""

import sys

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from seqlib.nn import GRU, LSTM, RNN


def main(rank, store):
    """Compare the gradients of two halves, averaged by torch, with those of the whole batch."""
    dist.init_process_group("gloo", store=dist.FileStore(store, 2), rank=rank, world_size=2)
    for kind in (RNN, LSTM, GRU):
        torch.manual_seed(0)
        layer = kind(3, 4, 2, bidirectional=True, dtype=torch.float64)
        x = torch.randn(5, 6, 3, dtype=torch.float64)
        layer(x)[0].square().mean().backward()
        wanted = [p.grad.clone() for p in layer.parameters()]
        layer.zero_grad()
        spread = DistributedDataParallel(layer)
        spread(x[:, 3 * rank : 3 * rank + 3])[0].square().mean().backward()
        for p, grad in zip(layer.parameters(), wanted, strict=True):
            torch.testing.assert_close(p.grad, grad)
    dist.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
