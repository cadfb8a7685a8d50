"""Times training steps in PyTorch, float32, as many threads as we use: one.

Reads one JSON object a line: inputs, units, outputs, batchSize, steps. Answers the seconds taken.
"""

import json
import sys
import time

import torch

torch.set_num_threads(1)
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    job = json.loads(line)
    widths = [job["inputs"], *job["units"], job["outputs"]]
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers.append(torch.nn.Linear(inputs, outputs))
        if i < len(widths) - 2:
            layers.append(torch.nn.ReLU())
    network = torch.nn.Sequential(*layers)
    binary = job["outputs"] == 1
    loss = torch.nn.BCEWithLogitsLoss() if binary else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters())
    x = torch.randn(job["batchSize"], job["inputs"])
    y = torch.randint(0, 2 if binary else job["outputs"], (job["batchSize"],))
    y = y.float()[:, None] if binary else y

    def step():
        optimizer.zero_grad()
        loss(network(x), y).backward()
        optimizer.step()

    for _ in range(3):
        step()
    started = time.perf_counter()
    for _ in range(job["steps"]):
        step()
    print(time.perf_counter() - started, flush=True)
