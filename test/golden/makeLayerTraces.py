"""Makes the golden traces of layers, schedules, penalties and clips: what torch.nn computes in float64.

    python3 test/golden/makeLayerTraces.py

Writes `layers/`: for each case a model, its data and its initial weights, and `traces.safetensors` with tensors
`{case}/{step}/{tensor}` and, for each epoch, `{case}/validation` in evaluation mode. What dropout forgets is drawn from the
same generator as engine/data/random.ts, written anew here. The tests read the files and need no Python.
"""

import json
import math
import shutil

import torch

from makeTraces import ACTIVATIONS, LOSSES, ROWS, here, write_safetensors

folder = here / "layers"
SEED = 42
EPOCHS = 4
BATCH = 4
M32 = 0xFFFFFFFF


def signed(x):
    return x - (1 << 32) if x & 0x80000000 else x


class Random:
    """xoroshiro128+ in 32-bit halves, seeded as the engine seeds its stream for dropout."""

    def __init__(self, seed, stream):
        h = (seed ^ (stream * 0x9E3779B9)) & M32
        h = ((h ^ (h >> 16)) * 0x85EBCA6B) & M32
        h = ((h ^ (h >> 13)) * 0xC2B2AE35) & M32
        h ^= h >> 16
        self.s01, self.s00, self.s11, self.s10 = M32, ~h & M32, h, 0
        for _ in range(32):
            self.next()

    def next(self):
        out = (self.s00 + self.s10) & M32
        a0, a1 = self.s10 ^ self.s00, self.s11 ^ self.s01
        s00, s01 = self.s00, self.s01
        self.s00 = ((s00 << 24) ^ (s01 >> 8) ^ a0 ^ (a0 << 16)) & M32
        self.s01 = ((s01 << 24) ^ (s00 >> 8) ^ a1 ^ ((a1 << 16) | (a0 >> 16))) & M32
        self.s10 = ((a1 << 5) ^ (a0 >> 27)) & M32
        self.s11 = ((a0 << 5) ^ (a1 >> 27)) & M32
        return out

    def uniform(self):
        high = self.next() & 0x3FFFFFF
        low = self.next() & 0x7FFFFFF
        return high * 2.0**-26 + low * 2.0**-53


class Dropout(torch.nn.Module):
    """torch.nn.Dropout with the engine's draws."""

    def __init__(self, rate, width, random):
        super().__init__()
        self.rate, self.width, self.random = rate, width, random

    def draw(self, rows):
        drawn = [[self.random.uniform() for _ in range(self.width)] for _ in range(rows)]
        self.mask = (torch.tensor(drawn) >= self.rate).double() / (1 - self.rate)

    def forward(self, x):
        return x * self.mask if self.training else x


class Dense(torch.nn.Module):
    def __init__(self, inputs, units, activation, bias):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, units, bias=bias)
        self.activation = ACTIVATIONS.get(activation, lambda a: a)

    def forward(self, x):
        return self.activation(self.linear(x))


class Residual(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


def build(layers, width, random, named, prefix=""):
    """The modules of a list of layers; `named` gets every tensor by its name on disk."""
    modules = []
    for layer in layers:
        name, kind = prefix + layer["id"], layer["type"]
        if kind == "dense":
            module = Dense(width, layer["units"], layer["activation"], layer.get("bias", True))
            named[f"{name}.weight"] = module.linear.weight
            if module.linear.bias is not None:
                named[f"{name}.bias"] = module.linear.bias
            width = layer["units"]
        elif kind == "dropout":
            module = Dropout(layer["rate"], width, random)
        elif kind == "batchNorm":
            module = torch.nn.BatchNorm1d(width, eps=layer.get("epsilon", 1e-5), momentum=layer.get("momentum", 0.1))
            named[f"{name}.runningMean"], named[f"{name}.runningVariance"] = module.running_mean, module.running_var
        elif kind == "layerNorm":
            module = torch.nn.LayerNorm(width, eps=layer.get("epsilon", 1e-5))
        else:
            module = Residual(build(layer["layers"], width, random, named, f"{name}."))
        if kind in ("batchNorm", "layerNorm"):
            named[f"{name}.scale"], named[f"{name}.shift"] = module.weight, module.bias
        modules.append(module)
    return torch.nn.Sequential(*modules)


def dense(name, units, activation, **more):
    return {"id": name, "type": "dense", "units": units, "activation": activation, **more}


OUTPUT = dense("output", 3, "softmax")
DEEP = [
    dense("hidden1", 4, "tanh", bias=False),
    {"id": "norm1", "type": "batchNorm", "momentum": 0.3, "epsilon": 1e-3},
    {"id": "drop1", "type": "dropout", "rate": 0.25},
    {
        "id": "block1",
        "type": "residual",
        "layers": [
            dense("wide", 6, "relu"),
            {"id": "norm", "type": "layerNorm"},
            {"id": "deeper", "type": "residual", "layers": [dense("same", 6, "silu")]},
            {"id": "drop", "type": "dropout", "rate": 0.4},
            dense("back", 4, "identity"),
        ],
    },
    OUTPUT,
]
ADAM = {"type": "adam", "learningRate": 0.05, "form": "pytorch"}
MOMENTUM = {"type": "momentum", "learningRate": 0.1, "momentum": 0.9, "form": "pytorch"}
PLAIN = [dense("hidden1", 5, "tanh"), OUTPUT]

CASES = {
    "dropout": {"layers": [dense("hidden1", 6, "relu"), {"id": "drop1", "type": "dropout", "rate": 0.5}, OUTPUT]},
    "batchNorm": {"layers": [dense("hidden1", 5, "tanh"), {"id": "norm1", "type": "batchNorm"}, OUTPUT]},
    "batchNorm first": {"layers": [{"id": "norm1", "type": "batchNorm"}, OUTPUT]},
    "layerNorm": {"layers": [dense("hidden1", 5, "relu"), {"id": "norm1", "type": "layerNorm", "epsilon": 1e-3}, OUTPUT]},
    "residual": {"layers": [{"id": "block1", "type": "residual", "layers": [dense("inner1", 3, "sigmoid")]}, OUTPUT]},
    "everything": {"layers": DEEP},
    "everything, momentum": {"layers": DEEP, "optimizer": MOMENTUM},
    "everything, penalties and clip": {"layers": DEEP, "penalty": {"l1": 0.01, "l2": 0.02}, "clip": {"by": "norm", "limit": 0.3}},
    "step schedule": {"layers": PLAIN, "schedule": {"type": "step", "every": 2, "factor": 0.3}},
    "exponential schedule": {"layers": PLAIN, "schedule": {"type": "exponential", "factor": 0.7}, "optimizer": MOMENTUM},
    "cosine schedule": {"layers": PLAIN, "schedule": {"type": "cosine", "minimum": 0.001}},
    "warm-up": {"layers": PLAIN, "schedule": {"type": "constant", "warmUp": 2}},
    "one-cycle schedule": {"layers": PLAIN, "schedule": {"type": "oneCycle", "rise": 0.5, "startDivisor": 10, "endDivisor": 100}},
    "plateau schedule": {
        "layers": PLAIN,
        "schedule": {"type": "reduceOnPlateau", "factor": 0.5, "patience": 0, "threshold": 0.2},
        "optimizer": MOMENTUM,
    },
}


def scheduler_of(schedule, optimizer, steps_per_epoch):
    """A scheduler, and whether it is stepped once a step."""
    kinds = torch.optim.lr_scheduler
    kind = schedule.get("type")
    if kind == "step":
        return kinds.StepLR(optimizer, schedule["every"], schedule["factor"]), False
    if kind == "exponential":
        return kinds.ExponentialLR(optimizer, schedule["factor"]), False
    if kind == "cosine":
        return kinds.CosineAnnealingLR(optimizer, EPOCHS, schedule["minimum"]), False
    if kind == "constant":
        warm = schedule["warmUp"]
        return kinds.LambdaLR(optimizer, lambda e: min(1.0, (e + 1) / (warm + 1))), False
    if kind == "oneCycle":
        return kinds.OneCycleLR(
            optimizer,
            max_lr=optimizer.param_groups[0]["lr"],
            total_steps=EPOCHS * steps_per_epoch,
            pct_start=schedule["rise"],
            div_factor=schedule["startDivisor"],
            final_div_factor=schedule["endDivisor"],
            cycle_momentum=False,
        ), True
    if kind == "reduceOnPlateau":
        return kinds.ReduceLROnPlateau(
            optimizer, factor=schedule["factor"], patience=schedule["patience"], threshold=schedule["threshold"]
        ), False
    return None, False


def with_penalty(layers, penalty):
    return [
        {**layer, **(penalty if layer["type"] == "dense" else {}), **({"layers": with_penalty(layer["layers"], penalty)} if layer["type"] == "residual" else {})}
        for layer in layers
    ]


def trace(case, x, y, network, named, title, traces):
    random_layers = [m for m in network.modules() if isinstance(m, Dropout)]
    parameters = list(network.parameters())
    o = case.get("optimizer", ADAM)
    optimizer = (
        torch.optim.Adam(parameters, lr=o["learningRate"])
        if o["type"] == "adam"
        else torch.optim.SGD(parameters, lr=o["learningRate"], momentum=o["momentum"])
    )
    scheduler, each_step = scheduler_of(case.get("schedule", {}), optimizer, math.ceil(ROWS / BATCH))
    loss_of = LOSSES["crossEntropy"]
    validation, step = [], 0
    for _ in range(EPOCHS):
        network.train()
        for start in range(0, ROWS, BATCH):
            step += 1
            batch = slice(start, min(start + BATCH, ROWS))
            for module in random_layers:
                module.draw(len(x[batch]))
            optimizer.zero_grad()
            loss = loss_of(network(x[batch]), y[batch])
            total = loss
            if "penalty" in case:
                for name, tensor in named.items():
                    if name.endswith(".weight"):
                        total = total + case["penalty"]["l1"] * tensor.abs().sum() + case["penalty"]["l2"] * (tensor**2).sum()
            total.backward()
            gradients = {f"{name}.grad": t.grad.clone() for name, t in named.items() if t.requires_grad}
            if "clip" in case:
                torch.nn.utils.clip_grad_norm_(parameters, case["clip"]["limit"])
            optimizer.step()
            after = {name: t.detach().clone() for name, t in named.items()}
            figures = {"loss": loss.detach()[None], "total": total.detach()[None]}
            for name, tensor in {**figures, **after, **gradients}.items():
                traces[f"{title}/{step}/{name}"] = tensor
            if each_step and step < EPOCHS * math.ceil(ROWS / BATCH):
                scheduler.step()
        network.eval()
        with torch.no_grad():
            validation.append(loss_of(network(x[ROWS:]), y[ROWS:]))
        if scheduler and not each_step:
            plateau = isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)
            scheduler.step(validation[-1].item()) if plateau else scheduler.step()
    traces[f"{title}/validation"] = torch.stack(validation)


def main():
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    generator = torch.Generator().manual_seed(7)
    draw = lambda *shape: torch.round(torch.randn(*shape, generator=generator) * 1000) / 1000
    x = draw(ROWS + 3, 3)
    labels = [i % 3 for i in range(ROWS + 3)]
    y = torch.eye(3)[labels]
    lines = ["x1,x2,x3,label"] + [",".join([repr(v) for v in row] + ["abc"[label]]) for row, label in zip(x.tolist(), labels)]
    (folder / "data.csv").write_text("\n".join(lines) + "\n")
    split = {"train": list(range(ROWS)), "validation": list(range(ROWS, ROWS + 3)), "test": []}
    (folder / "split.json").write_text(json.dumps(split) + "\n")
    traces = {}
    for title, case in CASES.items():
        layers = with_penalty(case["layers"], case["penalty"]) if "penalty" in case else case["layers"]
        named = {}
        network = build(layers, 3, Random(SEED, 6), named)
        with torch.no_grad():
            for name, tensor in named.items():
                if name.endswith("Variance") or name.endswith("scale"):
                    tensor.copy_(1 + draw(*tensor.shape).abs() / 4)
                else:
                    tensor.copy_(draw(*tensor.shape) / 2)
        file = title.replace(",", "").replace(" ", "-")
        model = {
            "version": 1,
            "name": title,
            "seed": SEED,
            "data": {
                "source": {"kind": "csv", "path": "data.csv", "target": "label"},
                "split": {"file": "split.json"},
                "normalization": "none",
            },
            "layers": layers,
            "loss": "crossEntropy",
            "optimizer": case.get("optimizer", ADAM),
            "training": {
                "epochs": EPOCHS,
                "batchSize": BATCH,
                "sampling": "sequential",
                **({"schedule": case["schedule"]} if "schedule" in case else {}),
                **({"gradientClip": case["clip"]} if "clip" in case else {}),
            },
            "backend": "reference",
        }
        (folder / f"{file}.mlp.json").write_text(json.dumps(model, indent=2) + "\n")
        write_safetensors(folder / f"{file}.safetensors", named)
        trace(case, x, y, network, named, title, traces)
    write_safetensors(folder / "traces.safetensors", traces)
    print(f"{len(CASES)} traces of {EPOCHS} epochs")


main()
