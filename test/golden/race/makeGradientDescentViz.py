"""
The outcomes of Gradient Descent Viz, apart from the engine: its six surfaces, its start, its optimizers in its own
form (epsilon 1e-12 outside the root) and its stop rule, both parts of the gradient below 0.01. Gradients are central
differences of the surfaces at 40 digits, so that no derivative is written down twice; its own, with a width of 1e-12 in
float64, are off by 1e-4.

    python3 test/golden/race/makeGradientDescentViz.py     needs mpmath; writes gradientDescentViz.json beside this file
"""
import json
import os

from mpmath import mp, mpf, exp, sin, sqrt

mp.dps = 40
width = mpf('1e-15')
most = 9000
surfaces = {
    'localMinimum': lambda x, z: bowl(x, z, [(-2, 1, 0), (-6, -1, 0)]),
    'globalMinimum': lambda x, z: x * x + z * z,
    'saddlePoint': lambda x, z: sin(x) + z * z,
    'eclipticBowl': lambda x, z: -exp(-(x * x / 4 + 5 * z * z / 4)) + x * x / 4 + z * z / 8,
    'hills': lambda x, z: bowl(x, z, [(2, 1, 0), (6, -1, 0), (-2, 1, -1)]),
    'plateau': lambda x, z: plateau(10 * sqrt(x * x + z * z) + mpf('0.01')),
}


def bowl(x, z, bumps):
    z = z * mpf('1.4')
    return x * x + z * z + sum(w * exp(-((x - a) ** 2 + (z - b) ** 2) * 5) for w, a, b in bumps)


def plateau(r):
    return -sin(r) / r + r * r / 100


def gradient(f, x, z):
    return [(f(x + width, z) - f(x - width, z)) / (2 * width), (f(x, z + width) - f(x, z - width)) / (2 * width)]


def sgd(state, g, rate, t):
    return -rate * g


def momentum(state, g, rate, t):
    state['m'] = mpf('0.9') * state.get('m', 0) - rate * g
    return state['m']


def adagrad(state, g, rate, t):
    state['v'] = state.get('v', 0) + g * g
    return -rate * g / (sqrt(state['v']) + mpf('1e-12'))


def rmsprop(state, g, rate, t):
    state['v'] = mpf('0.99') * state.get('v', 0) + mpf('0.01') * g * g
    return -rate * g / (sqrt(state['v']) + mpf('1e-12'))


def adam(state, g, rate, t):
    state['m'] = mpf('0.9') * state.get('m', 0) + mpf('0.1') * g
    state['v'] = mpf('0.999') * state.get('v', 0) + mpf('0.001') * g * g
    first = state['m'] / (1 - mpf('0.9') ** t)
    second = state['v'] / (1 - mpf('0.999') ** t)
    return -rate * first / (sqrt(second) + mpf('1e-12'))


def outcome(f, rule, rate):
    place, states = [mpf('1.5'), mpf('1.5')], [{}, {}]
    for step in range(most + 1):
        slope = gradient(f, *place)
        if all(abs(part) < mpf('0.01') for part in slope):
            return step, place
        if step < most:
            place = [at + rule(state, g, rate, step + 1) for at, state, g in zip(place, states, slope)]
    return None, place


outcomes = []
for rates in (
    dict(sgd='0.001', momentum='0.001', adagrad='0.001', rmsprop='0.001', adam='0.001'),
    dict(sgd='0.01', momentum='0.01', adagrad='0.1', rmsprop='0.01', adam='0.05'),
):
    for surface, f in surfaces.items():
        for name, rate in rates.items():
            step, (x, z) = outcome(f, globals()[name], mpf(rate))
            row = dict(surface=surface, optimizer=name, learningRate=float(rate), stopped=step, x=float(x), y=float(z))
            outcomes.append(row)
            print(row, flush=True)

target = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'gradientDescentViz.json')
with open(target, 'w') as file:
    json.dump({'most': most, 'outcomes': outcomes}, file, indent=1)
    file.write('\n')
