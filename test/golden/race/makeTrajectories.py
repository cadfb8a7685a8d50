"""
Reference trajectories of the optimizer lab, apart from the engine: 40 digits, and gradients by central
differences of the surfaces alone (step 1e-25 at 80 digits), so that no derivative is written down twice.

A trajectory is kept up to where float64 can follow it: until it and its twins, which start 1e-13 beside
it, or are computed with 53 bits, are more than 1e-9 apart.

    python3 test/golden/race/makeTrajectories.py     needs mpmath; writes trajectories.json beside this file
"""
import json
import os

from mpmath import mp, mpf, exp, sin, cos, sqrt, pi, sign

steps = 200
kept = [1, 2, 3, 5, 10, 20, 50, 100, 150, 200]
digits = 40


def bumps(x, y, parts):
    return sum(w * exp(-((x - a) ** 2 + (y - b) ** 2) / mpf('0.2')) for w, a, b in parts)


def d(text):
    return mpf(text)


def plateau(x, y):
    r = 10 * sqrt(x ** 2 + y ** 2) + d('0.01')
    return -sin(r) / r + d('0.01') * r ** 2


def ecliptic(x, y):
    X, Y = x / 2, y / 2
    return -exp(-(X ** 2 + 5 * Y ** 2)) + X ** 2 + d('0.5') * Y ** 2


def bowl(x, y, parts):
    Y = d('1.4') * y
    return bumps(x, Y, parts) + x ** 2 + Y ** 2


# surface: f, start, learning rate of sgd and momentum
surfaces = {
    'localMinimum': (lambda x, y: bowl(x, y, [(-2, 1, 0), (-6, -1, 0)]), ('1.5', '1.5'), '0.01'),
    'globalMinimum': (lambda x, y: x ** 2 + y ** 2, ('1.5', '1.5'), '0.01'),
    'saddlePoint': (lambda x, y: sin(x) + y ** 2, ('1.5', '1.5'), '0.01'),
    'eclipticBowl': (ecliptic, ('1.5', '1.5'), '0.01'),
    'hills': (lambda x, y: bowl(x, y, [(2, 1, 0), (6, -1, 0), (-2, 1, -1)]), ('1.5', '1.5'), '0.01'),
    'plateau': (plateau, ('1.5', '1.5'), '0.01'),
    'rosenbrock': (lambda x, y: (1 - x) ** 2 + 100 * (y - x ** 2) ** 2, ('-1.5', '2.5'), '0.0005'),
    'beale': (
        lambda x, y: (d('1.5') - x + x * y) ** 2 + (d('2.25') - x + x * y ** 2) ** 2 + (d('2.625') - x + x * y ** 3) ** 2,
        ('3.4', '0.9'),
        '0.01',
    ),
    'himmelblau': (lambda x, y: (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2, ('0.1', '-3.4'), '0.004'),
    'rastrigin': (
        lambda x, y: 20 + x ** 2 - 10 * cos(2 * pi * x) + y ** 2 - 10 * cos(2 * pi * y),
        ('3.4', '2.6'),
        '0.001',
    ),
    'styblinskiTang': (
        lambda x, y: (x ** 4 - 16 * x ** 2 + 5 * x + y ** 4 - 16 * y ** 2 + 5 * y) / 2,
        ('0.5', '4.5'),
        '0.004',
    ),
    'sixHumpCamel': (
        lambda x, y: (4 - d('2.1') * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (4 * y ** 2 - 4) * y ** 2,
        ('1.8', '0.9'),
        '0.01',
    ),
    'quarticSaddle': (lambda x, y: x ** 2 - y ** 2 + y ** 4 / 4, ('1.5', '0.01'), '0.03'),
    'quadratic': (lambda x, y: (d('1') * x ** 2 + d('10') * y ** 2) / 2, ('1.8', '1.5'), '0.02'),
}

forms = ['article', 'pytorch', 'keras']


def settings(rate):
    """Every optimizer with all its hyperparameters, the defaults of each form written out."""
    for form in forms:
        keras, pytorch = form == 'keras', form == 'pytorch'
        eps = '1e-7' if keras else '1e-8'
        moments = {'beta1': '0.9', 'beta2': '0.999', 'epsilon': eps}
        yield {'type': 'sgd', 'form': form, 'learningRate': rate}
        yield {'type': 'momentum', 'form': form, 'learningRate': rate, 'momentum': '0.9', 'nesterov': False}
        yield {'type': 'momentum', 'form': form, 'learningRate': rate, 'momentum': '0.9', 'nesterov': True}
        yield {
            'type': 'adagrad', 'form': form, 'learningRate': '0.1',
            'epsilon': '1e-10' if pytorch else eps, 'initialAccumulator': '0.1' if keras else '0',
        }
        yield {'type': 'rmsprop', 'form': form, 'learningRate': '0.02', 'decayRate': '0.99' if pytorch else '0.9', 'epsilon': eps}
        yield {'type': 'adam', 'form': form, 'learningRate': '0.05', **moments}
        yield {'type': 'adamw', 'form': form, 'learningRate': '0.05', **moments, 'weightDecay': '0.004' if keras else '0.01'}
        yield {'type': 'nadam', 'form': form, 'learningRate': '0.05', **moments}
        yield {'type': 'lion', 'form': form, 'learningRate': '0.01', 'beta1': '0.9', 'beta2': '0.99', 'weightDecay': '0'}


def differences(f, x, y):
    """(∂f/∂x, ∂f/∂y), right to about 50 digits."""
    precision = mp.dps
    mp.dps = 80
    h = mpf(10) ** -25
    g = ((f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h))
    mp.dps = precision
    return [+g[0], +g[1]]


def move(s, state, w, g, t):
    """One step in one coordinate; `state` is what the optimizer remembers of it."""
    kind, form, a = s['type'], s['form'], s['learningRate']
    if kind == 'sgd':
        return w - a * g
    if kind == 'momentum':
        mu = s['momentum']
        if form == 'pytorch':
            state['m'] = mu * state.get('m', 0) + g
            return w - a * (g + mu * state['m'] if s['nesterov'] else state['m'])
        state['m'] = mu * state.get('m', 0) - a * g
        return w + (mu * state['m'] - a * g if s['nesterov'] else state['m'])
    if kind == 'adagrad':
        state['v'] = state.get('v', s['initialAccumulator']) + g ** 2
        return w - a * g / (sqrt(state['v']) + s['epsilon'] if form == 'pytorch' else sqrt(state['v'] + s['epsilon']))
    if kind == 'rmsprop':
        b = s['decayRate']
        state['v'] = b * state.get('v', 0) + (1 - b) * g ** 2
        return w - a * g / (sqrt(state['v']) + s['epsilon'] if form == 'pytorch' else sqrt(state['v'] + s['epsilon']))
    if kind == 'lion':
        m = state.get('m', mpf(0))
        state['m'] = s['beta2'] * m + (1 - s['beta2']) * g
        return w - a * (sign(s['beta1'] * m + (1 - s['beta1']) * g) + s['weightDecay'] * w)
    b1, b2, eps = s['beta1'], s['beta2'], s['epsilon']
    if kind == 'adamw':
        w = w - a * s['weightDecay'] * w
    m = state['m'] = b1 * state.get('m', 0) + (1 - b1) * g
    v = state['v'] = b2 * state.get('v', 0) + (1 - b2) * g ** 2
    vhat = v / (1 - b2 ** t)
    if kind == 'nadam':
        if form == 'article':
            mbar = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1 ** t)
            return w - a * mbar / sqrt(vhat + eps)
        psi = mpf('0.004') if form == 'pytorch' else mpf(1)
        mu = lambda k: b1 * (1 - mpf('0.5') * mpf('0.96') ** (psi * k))
        product = state['p'] = state.get('p', 1) * mu(t)
        mbar = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return w - a * mbar / (sqrt(vhat) + eps)
    if form == 'article':
        return w - a * (m / (1 - b1 ** t)) / sqrt(vhat + eps)
    if form == 'pytorch':
        return w - a * (m / (1 - b1 ** t)) / (sqrt(vhat) + eps)
    return w - a * sqrt(1 - b2 ** t) / (1 - b1 ** t) * m / (sqrt(v) + eps)


class Walker:
    def __init__(self, f, given, start, shift=0, bits=None):
        self.f, self.given, self.start, self.shift, self.bits = f, given, start, shift, bits
        self.precise()
        self.settings = {k: mpf(v) if isinstance(v, str) and k not in ('type', 'form') else v for k, v in given.items()}
        self.w = [mpf(c) + shift for c in start]
        self.states = [{}, {}]
        self.t = 0

    def precise(self):
        if self.bits:
            mp.prec = self.bits
        else:
            mp.dps = digits

    def step(self):
        self.precise()
        self.t += 1
        g = differences(self.f, *self.w)
        self.w = [move(self.settings, self.states[i], self.w[i], g[i], self.t) for i in range(2)]


def trajectory(f, given, start):
    walkers = [Walker(f, given, start), Walker(f, given, start, mpf('1e-13')), Walker(f, given, start, bits=53)]
    points = []
    for t in range(1, steps + 1):
        for walker in walkers:
            walker.step()
        mp.dps = digits
        exact = walkers[0].w
        apart = max(abs(a - b) for walker in walkers[1:] for a, b in zip(exact, walker.w))
        if not apart < mpf('1e-9') or max(abs(c) for c in exact) > 1e6:
            break
        if t in kept:
            points.append([t, float(exact[0]), float(exact[1])])
    return {'reliable': t if t == steps else t - 1, 'points': points}


if __name__ == '__main__':
    result = []
    for name, (f, start, rate) in surfaces.items():
        for given in settings(rate):
            optimizer = {k: v if k in ('type', 'form') or isinstance(v, bool) else float(v) for k, v in given.items()}
            result.append(
                {'surface': name, 'start': [float(c) for c in start], 'optimizer': optimizer, **trajectory(f, given, start)}
            )
        print(name, [r['reliable'] for r in result if r['surface'] == name], flush=True)
    lines = ',\n'.join(json.dumps(r, separators=(',', ':')) for r in result)
    with open(os.path.join(os.path.dirname(__file__), 'trajectories.json'), 'w') as file:
        file.write(f'[\n{lines}\n]\n')
