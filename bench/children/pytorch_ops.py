"""The operations of ../ops in PyTorch, as children/ops.ts measures ours.

Arguments: the number of threads and the length of a turn in milliseconds. Every line of standard input is a task in JSON,
answered by one sample of its mean times over a turn.
"""

import json
import sys
import time

import torch
from torch.nn import functional as F

from pytorch import describe


def make(inputs, backward):
    torch.manual_seed(0)
    return [
        {
            "normal": lambda: torch.randn(shape),
            "uniform": lambda: torch.rand(shape),
            "mask": lambda: torch.rand(shape) < 0.5,
            "indices": lambda: torch.randint(high, shape),
            "int32": lambda: torch.randint(high, shape, dtype=torch.int32),
        }[kind]().requires_grad_(backward and gradient)
        for kind, shape, high, gradient in ((i["kind"], i["shape"], i["high"], i["gradient"]) for i in inputs)
    ]


def prepare(task):
    """What runs before each measurement, and the measured rest."""
    backward = task["pass"] == "backward"
    inputs = make(task["inputs"], backward)
    operation = eval(f"lambda {', '.join('abcde'[:len(inputs)])}: {task['pytorch']}", {"torch": torch, "F": F})
    if not backward:
        return lambda: None, lambda _: operation(*inputs)

    def before():
        for tensor in inputs:
            tensor.grad = None
        result = operation(*inputs)
        return result if isinstance(result, torch.Tensor) else result[0]

    gradient = torch.ones_like(before())
    return before, lambda result: result.backward(gradient)


def turn(before, measured, milliseconds):
    measured(before())  # other processes had the caches
    calls, wall, processor = 0, 0.0, 0.0
    end = time.perf_counter() + milliseconds / 1e3
    while not calls or time.perf_counter() < end:
        prepared = before()
        start_processor = time.process_time()
        start = time.perf_counter()
        measured(prepared)
        wall += time.perf_counter() - start
        processor += time.process_time() - start_processor
        calls += 1
    return {"wall": wall * 1e3 / calls, "processor": processor * 1e3 / calls}


torch.set_num_threads(int(sys.argv[1]))
print(json.dumps(describe()), flush=True)
current, prepared = None, None
for line in sys.stdin:
    if line != current:
        current, prepared = line, prepare(json.loads(line))
    print(json.dumps([turn(*prepared, float(sys.argv[2]))]), flush=True)
