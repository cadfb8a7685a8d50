import { EngineError } from '../model/errors.ts';
import { readFormula } from '../model/formula.ts';
import type { Point } from '../model/surfaceTable.ts';
import { derivative, evaluator, type Evaluate } from './expression.ts';

/** A function of the plane and its analytic gradient. */
export interface Surface {
  /** f(x, y) */
  readonly value: Evaluate;
  /** (∂f/∂x, ∂f/∂y) */
  readonly gradient: (x: number, y: number) => Point;
}

/** The surface of a formula that a user typed. Throws `wrong-usage`, saying at which character. */
export function surfaceOfFormula(text: string, file = 'formula'): Surface {
  const { expression, issue } = readFormula(text);
  if (issue) throw new EngineError('wrong-usage', issue.message, { file, line: 1, column: issue.offset + 1 });
  const byX = evaluator(derivative(expression, 'x'));
  const byY = evaluator(derivative(expression, 'y'));
  return { value: evaluator(expression), gradient: (x, y) => [byX(x, y), byY(x, y)] };
}
