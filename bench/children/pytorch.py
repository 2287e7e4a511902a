"""Measures PyTorch for the benchmarks. Arguments: what to measure, and the number of threads.

It prints one line of JSON about itself, then a line of samples for every number of milliseconds that it reads.
"""

import json
import sys
import time

import torch
from torch import nn


def tutorial_step():
    """The tutorial's training step, as children/step.ts runs it."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 5, padding=2), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10),
    )
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    images = torch.rand(64, 3, 32, 32)
    targets = torch.randint(10, (64,))

    def measure():
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(images), targets)
        after_forward = time.perf_counter()
        loss.backward()
        after_backward = time.perf_counter()
        optimizer.step()
        end = time.perf_counter()
        return {
            "forward": (after_forward - start) * 1e3,
            "backward": (after_backward - after_forward) * 1e3,
            "update": (end - after_backward) * 1e3,
            "step": (end - start) * 1e3,
        }

    return measure


def matmul():
    """The product of two matrices of 1024 rows and columns, as children/matmul.ts computes it."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)

    def measure():
        start = time.perf_counter()
        a @ b
        return {"matmul": (time.perf_counter() - start) * 1e3}

    return measure


def repeat(measure, milliseconds):
    """Samples until the time is over, after one that does not count: other processes had the caches."""
    measure()
    samples = []
    end = time.perf_counter() + milliseconds / 1e3
    while not samples or time.perf_counter() < end:
        samples.append(measure())
    return samples


def describe():
    capability = [line for line in torch.__config__.show().splitlines() if "CPU capability" in line]
    return {
        "version": torch.__version__,
        "threads": torch.get_num_threads(),
        "capability": capability[0].split()[-1] if capability else "unknown",
    }


def answer(measure):
    """Says what PyTorch this is, then measures on request, until there are no more requests."""
    print(json.dumps(describe()), flush=True)
    for line in sys.stdin:
        print(json.dumps(repeat(measure, float(line))), flush=True)


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    answer({"step": tutorial_step, "matmul": matmul}[sys.argv[1]]())
