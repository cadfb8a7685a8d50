"""Times training steps in PyTorch, float32, on one batch that stays the same: no gathering, no metrics.

Speaks the protocol of bench/protocol.ts.
"""

import json
import sys
import time

import torch


def prepare(network, threads):
    torch.set_num_threads(threads)
    widths = network["widths"]
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers.append(torch.nn.Linear(inputs, outputs))
        if i < len(widths) - 2:
            layers.append(torch.nn.Tanh() if network["activation"] == "tanh" else torch.nn.ReLU())
    model = torch.nn.Sequential(*layers)
    binary = widths[-1] == 1
    loss = torch.nn.BCEWithLogitsLoss() if binary else torch.nn.CrossEntropyLoss()
    sgd = network["optimizer"] == "sgd"
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01) if sgd else torch.optim.Adam(model.parameters())
    x = torch.rand(network["batchSize"], widths[0]) * 2 - 1
    y = torch.arange(network["batchSize"]) % max(2, widths[-1])
    y = y.float()[:, None] if binary else y

    def step():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


step = None
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "prepare":
        step = prepare(request["network"], request["threads"])
        print(0, flush=True)
    else:
        started = time.perf_counter()
        for _ in range(request["steps"]):
            step()
        print(time.perf_counter() - started, flush=True)
