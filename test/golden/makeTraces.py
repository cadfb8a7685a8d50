"""Makes the golden traces: what PyTorch computes in float64, step by step.

    python3 test/golden/makeTraces.py

Writes `problems/` (models, data, initial weights) and `cases.json`, `traces.safetensors`. A case also says how far PyTorch's
own float32 is from its float64. A trace is
[steps, 1 + 2 * parameters]: the loss before the update, all weights after it, all gradients; layer by
layer, weight before bias. The pytorch form is torch.optim itself; the article's and Keras's are the
formulas of docs/maths applied to PyTorch's gradients. The tests read the files and need no Python.
"""

import json
import struct
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
here = Path(__file__).parent
STEPS = 5
ROWS = 7

ACTIVATIONS = {
    "identity": lambda a: a,
    "relu": torch.relu,
    "leakyRelu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": torch.nn.functional.softplus,
}

# Losses on the sums before the last activation, as the networks here compute them.
LOSSES = {
    "binaryCrossEntropy": lambda a, y: torch.nn.functional.binary_cross_entropy_with_logits(a, y),
    "crossEntropy": lambda a, y: torch.nn.functional.cross_entropy(a, y.argmax(1)),
    "meanSquaredError": lambda a, y: torch.nn.functional.mse_loss(a, y),
    "meanAbsoluteError": lambda a, y: torch.nn.functional.l1_loss(a, y),
    "huber": lambda a, y: torch.nn.functional.huber_loss(a, y),
}

PROBLEMS = {
    "binary": {
        "inputs": 2,
        "layers": [("hidden1", 4, "tanh"), ("hidden2", 3, "sigmoid"), ("output", 1, "sigmoid")],
        "loss": "binaryCrossEntropy",
        "target": "label",
    },
    "classes": {
        "inputs": 3,
        "layers": [("hidden1", 5, "relu"), ("output", 3, "softmax")],
        "loss": "crossEntropy",
        "target": "label",
    },
    "numbers": {
        "inputs": 2,
        "layers": [("hidden1", 4, "tanh"), ("output", 2, "identity")],
        "loss": "meanSquaredError",
        "target": ["y1", "y2"],
    },
}

# Problems for one optimizer each: here the layers and the loss are what is new.
PROBLEMS |= {
    "robust": {
        "inputs": 2,
        "layers": [
            ("hidden1", 4, "leakyRelu"),
            ("hidden2", 4, "elu"),
            ("hidden3", 4, "gelu"),
            ("hidden4", 3, "silu"),
            ("hidden5", 3, "softplus"),
            ("output", 2, "identity"),
        ],
        "loss": "huber",
        "target": ["y1", "y2"],
        "optimizers": ["sgd"],
    },
    "absolute": {
        "inputs": 2,
        "layers": [("hidden1", 5, "gelu"), ("output", 2, "identity")],
        "loss": "meanAbsoluteError",
        "target": ["y1", "y2"],
        "optimizers": ["sgd"],
    },
}

BATCHES = {"full": "full", "single": 1, "minibatch": 3}

OPTIMIZERS = {
    "sgd": {"type": "sgd", "learningRate": 0.1},
    "momentum": {"type": "momentum", "learningRate": 0.05, "momentum": 0.9},
    "nesterov": {"type": "momentum", "learningRate": 0.05, "momentum": 0.9, "nesterov": True},
    "adagrad": {"type": "adagrad", "learningRate": 0.1},
    "rmsprop": {"type": "rmsprop", "learningRate": 0.01},
    "adam": {"type": "adam", "learningRate": 0.02},
    "adamw": {"type": "adamw", "learningRate": 0.02, "weightDecay": 0.1},
    "nadam": {"type": "nadam", "learningRate": 0.02},
    "lion": {"type": "lion", "learningRate": 0.01, "weightDecay": 0.1},
}
FORMS = ["article", "pytorch", "keras"]
# What each form takes where nothing is said; the models of the cases do not say it.
DEFAULTS = {
    "adagrad": {
        "article": {"epsilon": 1e-8, "initialAccumulator": 0.0},
        "pytorch": {"epsilon": 1e-10, "initialAccumulator": 0.0},
        "keras": {"epsilon": 1e-7, "initialAccumulator": 0.1},
    },
    "rmsprop": {
        "article": {"epsilon": 1e-8, "decayRate": 0.9},
        "pytorch": {"epsilon": 1e-8, "decayRate": 0.99},
        "keras": {"epsilon": 1e-7, "decayRate": 0.9},
    },
    "adam": {
        "article": {"epsilon": 1e-8, "beta1": 0.9, "beta2": 0.999},
        "pytorch": {"epsilon": 1e-8, "beta1": 0.9, "beta2": 0.999},
        "keras": {"epsilon": 1e-7, "beta1": 0.9, "beta2": 0.999},
    },
}


DEFAULTS |= {"adamw": DEFAULTS["adam"], "nadam": DEFAULTS["adam"]}
DEFAULTS["lion"] = {form: {"beta1": 0.9, "beta2": 0.99} for form in FORMS}


# Penalties of every layer, and gradient clips.
EXTRAS = [
    ("penalties", {"l1": 0.01, "l2": 0.02}, None),
    ("clipped norm", None, {"by": "norm", "limit": 0.5}),
    ("clipped value", {"l1": 0.0, "l2": 0.1}, {"by": "value", "limit": 0.05}),
]


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def make_problem(name, problem, seed):
    """Data, model file and initial weights. The last two rows are for validation and never trained on."""
    generator = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.round(torch.randn(*shape, generator=generator) * 1000) / 1000
    x = draw(ROWS + 2, problem["inputs"])
    features = [f"x{i + 1}" for i in range(problem["inputs"])]
    if isinstance(problem["target"], list):
        y = draw(ROWS + 2, 2)
        header, cells = ["y1", "y2"], [[repr(v) for v in row] for row in y.tolist()]
    else:
        classes = 2 if name == "binary" else 3
        labels = [i % classes for i in range(ROWS + 2)]
        y = torch.eye(3)[labels] if classes == 3 else torch.tensor(labels, dtype=torch.float64)[:, None]
        header, cells = ["label"], [["abc"[label]] for label in labels]
    lines = [",".join(features + header)]
    lines += [",".join([repr(v) for v in row] + cell) for row, cell in zip(x.tolist(), cells)]
    folder = here / "problems"
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    split = {"train": list(range(ROWS)), "validation": [ROWS, ROWS + 1], "test": []}
    (folder / "split.json").write_text(json.dumps(split) + "\n")
    model = {
        "version": 1,
        "name": name,
        "data": {
            "source": {"kind": "csv", "path": f"{name}.csv", "target": problem["target"]},
            "split": {"file": "split.json"},
            "normalization": "none",
        },
        "layers": [
            {"id": layer, "type": "dense", "units": units, "activation": activation}
            for layer, units, activation in problem["layers"]
        ],
        "loss": problem["loss"],
        "training": {"epochs": 1000, "batchSize": "full", "sampling": "sequential"},
        "backend": "reference",
    }
    (folder / f"{name}.mlp.json").write_text(json.dumps(model, indent=2) + "\n")
    initial, width = {}, problem["inputs"]
    for layer, units, _ in problem["layers"]:
        initial[f"{layer}.weight"] = draw(units, width)
        initial[f"{layer}.bias"] = draw(units) / 2
        width = units
    write_safetensors(folder / f"{name}.safetensors", initial)
    return x[:ROWS], y[:ROWS], initial


def batches(size):
    """The rows of each step, epoch after epoch; the last batch of an epoch may be short."""
    size = ROWS if size == "full" else size
    while True:
        for start in range(0, ROWS, size):
            yield list(range(start, min(start + size, ROWS)))


def torch_optimizer(parameters, o):
    kind, rate = o["type"], o["learningRate"]
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=rate)
    if kind == "momentum":
        return torch.optim.SGD(parameters, lr=rate, momentum=o["momentum"], nesterov=o.get("nesterov", False))
    if kind == "adagrad":
        return torch.optim.Adagrad(
            parameters, lr=rate, eps=o["epsilon"], initial_accumulator_value=o["initialAccumulator"]
        )
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=o["decayRate"], eps=o["epsilon"])
    betas = (o["beta1"], o["beta2"])
    if kind == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, betas=betas, eps=o["epsilon"], weight_decay=o["weightDecay"])
    if kind == "nadam":
        return torch.optim.NAdam(parameters, lr=rate, betas=betas, eps=o["epsilon"])
    return torch.optim.Adam(parameters, lr=rate, betas=betas, eps=o["epsilon"])


class Formulas:
    """The article's and Keras's update rules, as the formulas stand."""

    def __init__(self, parameters, o):
        self.parameters, self.o, self.t = parameters, o, 0
        self.product = 1.0
        start = o.get("initialAccumulator", 0.0)
        self.m = [torch.zeros_like(p) for p in parameters]
        self.v = [torch.full_like(p, start) for p in parameters]

    def step(self):
        self.t += 1
        self.product *= self.mu(self.t)
        with torch.no_grad():
            for i, p in enumerate(self.parameters):
                p -= self.change(i, p.grad)

    def mu(self, t):
        """The momentum of Keras's Nadam at step t."""
        return self.o.get("beta1", 0.0) * (1 - 0.5 * 0.96**t)

    def change(self, i, g):
        o, t = self.o, self.t
        rate, m, v = o["learningRate"], self.m[i], self.v[i]
        if o["type"] == "sgd":
            return rate * g
        if o["type"] == "momentum":
            self.m[i] = m = o["momentum"] * m - rate * g
            return -(o["momentum"] * m - rate * g) if o.get("nesterov") else -m
        if o["type"] == "adagrad":
            self.v[i] = v = v + g**2
            return rate * g / torch.sqrt(v + o["epsilon"])
        if o["type"] == "rmsprop":
            self.v[i] = v = o["decayRate"] * v + (1 - o["decayRate"]) * g**2
            return rate * g / torch.sqrt(v + o["epsilon"])
        w = self.parameters[i]
        if o["type"] == "lion":
            direction = torch.sign(o["beta1"] * m + (1 - o["beta1"]) * g)
            self.m[i] = o["beta2"] * m + (1 - o["beta2"]) * g
            return rate * (direction + o["weightDecay"] * w)
        decay = rate * o.get("weightDecay", 0.0) * w
        self.m[i] = m = o["beta1"] * m + (1 - o["beta1"]) * g
        self.v[i] = v = o["beta2"] * v + (1 - o["beta2"]) * g**2
        c1, c2 = 1 - o["beta1"] ** t, 1 - o["beta2"] ** t
        if o["type"] == "nadam" and o["form"] == "keras":
            mu, following = self.mu(t), self.mu(t + 1)
            ahead = following * m / (1 - self.product * following) + (1 - mu) * g / (1 - self.product)
            return rate * ahead / (torch.sqrt(v / c2) + o["epsilon"])
        if o["type"] == "nadam":
            ahead = o["beta1"] * m / (1 - o["beta1"] ** (t + 1)) + (1 - o["beta1"]) * g / c1
            return rate * ahead / torch.sqrt(v / c2 + o["epsilon"])
        if o["form"] == "keras":
            return decay + rate * c2**0.5 / c1 * m / (torch.sqrt(v) + o["epsilon"])
        return decay + rate * (m / c1) / torch.sqrt(v / c2 + o["epsilon"])


def trace(problem, x, y, initial, optimizer, size, penalty=None, clip=None):
    weights = {name: tensor.clone().requires_grad_() for name, tensor in initial.items()}
    parameters = list(weights.values())
    o = {**DEFAULTS.get(optimizer["type"], {}).get(optimizer["form"], {}), **optimizer}
    # PyTorch has no Lion of its own.
    own = o["form"] == "pytorch" and o["type"] != "lion"
    rule = torch_optimizer(parameters, o) if own else Formulas(parameters, o)
    rows = []
    for _, batch in zip(range(STEPS), batches(size)):
        for parameter in parameters:
            parameter.grad = None
        z = x[batch]
        for layer, _, activation in problem["layers"]:
            a = z @ weights[f"{layer}.weight"].T + weights[f"{layer}.bias"]
            z = ACTIVATIONS[activation](a) if activation in ACTIVATIONS else a
        loss = LOSSES[problem["loss"]](a, y[batch])
        total = loss
        for name, weight in weights.items():
            if penalty and name.endswith(".weight"):
                total = total + penalty["l1"] * weight.abs().sum() + penalty["l2"] * (weight**2).sum()
        total.backward()
        gradients = [p.grad.clone() for p in parameters]
        if clip and clip["by"] == "norm":
            torch.nn.utils.clip_grad_norm_(parameters, clip["limit"])
        elif clip:
            torch.nn.utils.clip_grad_value_(parameters, clip["limit"])
        rule.step()
        rows.append(torch.cat([loss.detach()[None]] + [t.detach().flatten() for t in parameters + gradients]))
    return torch.stack(rows)


def float32_distance(expected, problem, x, y, initial, *rest):
    """How far PyTorch's own float32 is from its float64: the largest difference, relative where the numbers are large."""
    initial = {name: tensor.float() for name, tensor in initial.items()}
    got = trace(problem, x.float(), y.float(), initial, *rest).double()
    return float(((expected - got).abs() / expected.abs().clamp(min=1)).max())


def main():
    (here / "problems").mkdir(exist_ok=True)
    cases, traces = [], {}
    for seed, (name, problem) in enumerate(PROBLEMS.items(), start=1):
        x, y, initial = make_problem(name, problem, seed)
        for optimizer_name in problem.get("optimizers", OPTIMIZERS):
            optimizer = OPTIMIZERS[optimizer_name]
            for form in FORMS:
                # A large epsilon on one problem, so that its place in the formula shows.
                large = [1e-3] if optimizer["type"] in ("adagrad", "rmsprop", "adam", "adamw", "nadam") and name == "classes" else []
                for epsilon in [None, *large]:
                    for batch, size in BATCHES.items():
                        settings = {**optimizer, "form": form, **({"epsilon": epsilon} if epsilon else {})}
                        title = f"{name} {optimizer_name} {form} {batch}" + (" epsilon" if epsilon else "")
                        case = {"title": title, "problem": name, "optimizer": settings, "batchSize": size}
                        traces[title] = trace(problem, x, y, initial, settings, size)
                        distance = float32_distance(traces[title], problem, x, y, initial, settings, size)
                        cases.append({**case, "float32Distance": distance})
    x, y, initial = make_problem("classes", PROBLEMS["classes"], 2)
    for batch, size in BATCHES.items():
        for optimizer_name in ["sgd", "adam"]:
            settings = {**OPTIMIZERS[optimizer_name], "form": "pytorch"}
            for what, penalty, clip in EXTRAS:
                title = f"classes {optimizer_name} {batch} {what}"
                case = {"title": title, "problem": "classes", "optimizer": settings, "batchSize": size}
                given = (PROBLEMS["classes"], x, y, initial, settings, size, penalty, clip)
                traces[title] = trace(*given)
                distance = float32_distance(traces[title], *given)
                cases.append({**case, "penalty": penalty, "gradientClip": clip, "float32Distance": distance})
    (here / "cases.json").write_text("[\n  " + ",\n  ".join(json.dumps(case) for case in cases) + "\n]\n")
    write_safetensors(here / "traces.safetensors", traces)
    print(f"{len(cases)} traces of {STEPS} steps")


if __name__ == "__main__":
    main()
