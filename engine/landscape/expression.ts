import type { Expression, FormulaFunction, FormulaOperator } from '../model/formula.ts';

/** f(x, y) in float64. */
export type Evaluate = (x: number, y: number) => number;

const operations: Readonly<Record<FormulaOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

const functions: Readonly<Record<FormulaFunction, (a: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

/** The tree as nested functions: nothing of the text is ever run. */
export function evaluator(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'variable':
      return expression.name === 'x' ? x => x : (_, y) => y;
    case 'binary': {
      const left = evaluator(expression.left);
      const right = evaluator(expression.right);
      const operation = operations[expression.operator];
      return (x, y) => operation(left(x, y), right(x, y));
    }
    case 'call': {
      const of = evaluator(expression.of);
      const apply = functions[expression.name];
      return (x, y) => apply(of(x, y));
    }
  }
}

const number = (value: number): Expression => ({ kind: 'number', value });
const call = (name: FormulaFunction, of: Expression): Expression => ({ kind: 'call', name, of });
const isNumber = (expression: Expression, value: number) => expression.kind === 'number' && expression.value === value;

/** An operation whose trivial cases, 0 + a, 1 · a, a¹ and numbers alone, are done at once. */
function join(operator: FormulaOperator, left: Expression, right: Expression): Expression {
  if (left.kind === 'number' && right.kind === 'number') return number(operations[operator](left.value, right.value));
  if ((operator === '+' || operator === '-') && isNumber(right, 0)) return left;
  if (operator === '+' && isNumber(left, 0)) return right;
  if (operator === '*' && (isNumber(left, 0) || isNumber(right, 0))) return number(0);
  if (operator === '*' && isNumber(left, 1)) return right;
  if ((operator === '*' || operator === '/' || operator === '^') && isNumber(right, 1)) return left;
  if (operator === '/' && isNumber(left, 0)) return number(0);
  return { kind: 'binary', operator, left, right };
}

/** f′ for each function f, as a tree over the argument. */
const outerDerivatives: Readonly<Record<FormulaFunction, (a: Expression) => Expression>> = {
  sin: a => call('cos', a),
  cos: a => join('*', number(-1), call('sin', a)),
  tan: a => join('+', number(1), join('^', call('tan', a), number(2))),
  sinh: a => call('cosh', a),
  cosh: a => call('sinh', a),
  tanh: a => join('-', number(1), join('^', call('tanh', a), number(2))),
  exp: a => call('exp', a),
  ln: a => join('/', number(1), a),
  log: a => join('/', number(1), a),
  sqrt: a => join('/', number(0.5), call('sqrt', a)),
  abs: a => join('/', a, call('abs', a)),
};

/**
 * The symbolic derivative by x or y.
 *
 *     (a ± b)′ = a′ ± b′      (ab)′ = a′b + ab′      (a/b)′ = (a′b − ab′)/b²      f(a)′ = f′(a) a′
 *     (aⁿ)′ = n aⁿ⁻¹ a′       (aᵇ)′ = aᵇ (b′ ln a + b a′/a) where b depends on the variable
 */
export function derivative(expression: Expression, by: 'x' | 'y'): Expression {
  switch (expression.kind) {
    case 'number':
      return number(0);
    case 'variable':
      return number(expression.name === by ? 1 : 0);
    case 'call':
      return join('*', outerDerivatives[expression.name](expression.of), derivative(expression.of, by));
    case 'binary': {
      const { operator, left: a, right: b } = expression;
      const da = derivative(a, by);
      const db = derivative(b, by);
      switch (operator) {
        case '+':
        case '-':
          return join(operator, da, db);
        case '*':
          return join('+', join('*', da, b), join('*', a, db));
        case '/':
          return join('/', join('-', join('*', da, b), join('*', a, db)), join('^', b, number(2)));
        case '^':
          return isNumber(db, 0)
            ? join('*', join('*', b, join('^', a, join('-', b, number(1)))), da)
            : join('*', expression, join('+', join('*', db, call('ln', a)), join('/', join('*', b, da), a)));
      }
    }
  }
}
