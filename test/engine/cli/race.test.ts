import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEntry } from '../../support/buildEntry.ts';

let cli: string;
beforeAll(async () => {
  cli = await buildEntry('engine/cli/main.ts');
});
afterAll(() => rmSync(path.dirname(cli), { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('race', () => {
  const positions = (...args: string[]) =>
    run('race', ...args, '--json').lines.map(line => JSON.parse(line) as Record<string, unknown>);

  it('prints every position of every optimizer, from the start to the last step, in float64', () => {
    const sgd = '{"type":"sgd","learningRate":0.25}';
    expect(positions('--surface', 'globalMinimum', '--optimizer', sgd, '--start', '-1.5,2', '--steps', '2')).toEqual([
      { event: 'position', optimizer: 'sgd', step: 0, x: -1.5, y: 2, value: 6.25 },
      { event: 'position', optimizer: 'sgd', step: 1, x: -0.75, y: 1, value: 1.5625 },
      { event: 'position', optimizer: 'sgd', step: 2, x: -0.375, y: 0.5, value: 0.390625 },
    ]);
    const lines = positions(
      '--surface',
      'beale',
      '--optimizer',
      'adam',
      '--optimizer',
      'sgd',
      '--start',
      '3,1',
      '--steps',
      '500',
    );
    expect(lines).toHaveLength(1002);
    expect(lines[501]).toMatchObject({ optimizer: 'sgd', step: 0 });
  });

  it('takes one type several times, numbered in its order', () => {
    const names = positions(
      ...['--surface', 'beale', '--optimizer', 'adam', '--optimizer', '{"type":"adam","form":"pytorch"}'],
      ...['--optimizer', 'sgd', '--steps', '1'],
    ).map(({ optimizer }) => optimizer);
    expect([...new Set(names)]).toEqual(['adam#1', 'adam#2', 'sgd']);
  });

  it('takes curvatures, formulas, and stops early only when asked', () => {
    const quadratic = ['--surface', 'quadratic', '--lambda', '2,-6', '--start', '1,1', '--steps', '1'];
    expect(positions(...quadratic, '--optimizer', '{"type":"sgd","learningRate":0.5}').at(-1)).toMatchObject({
      x: 0,
      y: 4,
    });
    const bowl = [
      '--formula',
      '-3 + x^2 + y^2',
      '--start',
      '1,1',
      '--steps',
      '200',
      '--optimizer',
      '{"type":"sgd","learningRate":0.25}',
    ];
    expect(positions(...bowl)).toHaveLength(201);
    expect(positions(...bowl, '--stop-gradient', '0.001').length).toBeLessThan(20);
  });

  it('ends with 1 when one diverges, its last finite position printed and the others raced', () => {
    const { status, stderr, lines } = run(
      ...['race', '--surface', 'rosenbrock', '--steps', '50', '--json'],
      ...['--optimizer', '{"type":"sgd","learningRate":1}', '--optimizer', 'adam'],
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sgd is not finite after step \d+; .* Lower its learning rate\.\n$/);
    expect(lines.filter(line => line.includes('"adam"'))).toHaveLength(51);
    expect(stdoutNumbersAreFinite(lines)).toBe(true);
  });

  const stdoutNumbersAreFinite = (lines: readonly string[]) => !lines.some(line => /null|NaN|Infinity/.test(line));

  it.each([
    [['--surface', 'rosenbrok', '--optimizer', 'sgd'], 'Did you mean "rosenbrock"?'],
    [['--surface', 'beale'], '--optimizer is missing'],
    [['--optimizer', 'sgd'], 'Either --surface or --formula'],
    [['--surface', 'beale', '--formula', 'x', '--optimizer', 'sgd'], 'Either --surface or --formula'],
    [['--surface', 'beale', '--optimizer', 'adan'], 'Did you mean "adam"?'],
    [['--surface', 'beale', '--optimizer', '{"type":"sgd"'], 'is no JSON'],
    [
      ['--surface', 'beale', '--optimizer', '{"type":"sgd","learningRate":-1}'],
      '"learningRate" must be a number above 0',
    ],
    [['--surface', 'beale', '--optimizer', 'sgd', '--start', '1'], '--start must be two numbers'],
    [['--surface', 'beale', '--optimizer', 'sgd', '--lambda', '1,2'], '--lambda belongs to --surface quadratic'],
    [['--surface', 'beale', '--optimizer', 'sgd', '--steps', '-1'], '--steps must be a whole number'],
    [['--surface', 'beale', '--optimizer', 'sgd', '--stop-gradient', 'x'], '--stop-gradient must be a number'],
    [['--surface', 'beale', '--optimizer', 'sgd', 'more'], '"more" belongs to no option'],
    [['--formula', 'x^2 +', '--optimizer', 'sgd'], '--formula:1:6: '],
    [['--formula', 'process.exit(7)', '--optimizer', 'sgd'], '--formula:1:8: “.” has no meaning'],
    [['--formula', 'ln(x)', '--optimizer', 'sgd', '--start', '-1,0'], 'no finite value and gradient at (-1, 0)'],
  ])('%o is answered with what is wrong, and exit 2', (args, expected) => {
    const { status, stderr, stdout } = run('race', ...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(expected);
  });
});
