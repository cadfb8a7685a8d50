/** Functions that a formula may use. */
export const formulaFunctions = [
  'sin',
  'cos',
  'tan',
  'sinh',
  'cosh',
  'tanh',
  'exp',
  'ln',
  'log',
  'sqrt',
  'abs',
] as const;
export type FormulaFunction = (typeof formulaFunctions)[number];

export type FormulaOperator = '+' | '-' | '*' | '/' | '^';

/** A formula of x and y as a tree: what it says, not how it was typed. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: 'x' | 'y' }
  | {
      readonly kind: 'binary';
      readonly operator: FormulaOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: FormulaFunction; readonly of: Expression };

/** What is wrong with a formula, and where in its text. */
export interface FormulaIssue {
  readonly offset: number;
  readonly message: string;
}

export type ReadFormula =
  | { readonly expression: Expression; readonly issue?: undefined }
  | { readonly expression?: undefined; readonly issue: FormulaIssue };

const longest = 1000;
const deepest = 64;
const constants = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['e', Math.E],
]);
/** Other ways to write an operator. */
const spellings = new Map([
  ['−', '-'],
  ['·', '*'],
  ['×', '*'],
  ['÷', '/'],
  ['**', '^'],
]);
const superscripts = new Map([
  ['²', 2],
  ['³', 3],
  ['⁴', 4],
]);

interface Token {
  readonly kind: 'number' | 'name' | 'operator' | 'superscript' | 'end';
  readonly text: string;
  readonly offset: number;
}

class FormulaError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads a formula such as `x^2 - 3 sin(y)/2`. It is only ever read into a tree, never run as code.
 *
 *     sum      ← product ((+ | −) product)*
 *     product  ← signed ((* | /) signed | signed written right after it)*
 *     signed   ← (+ | −) signed | power
 *     power    ← atom (^ signed)?              so −x² is −(x²), and 2^3^2 is 2^(3^2)
 *     atom     ← number | x | y | pi | e | function ( sum ) | ( sum )
 */
export function readFormula(text: string): ReadFormula {
  try {
    if (text.length > longest) throw new FormulaError(longest, `A formula has at most ${longest} characters.`);
    if (text.trim() === '') throw new FormulaError(0, 'Type a formula of x and y, for example x^2 - y^2.');
    return { expression: new Reader(tokensOf(text)).all() };
  } catch (thrown) {
    if (thrown instanceof FormulaError) return { issue: { offset: thrown.offset, message: thrown.message } };
    throw thrown;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{Nd}_]*)|(?<superscript>[²³⁴])|(?<operator>\*\*|[-+*/^()−·×÷,])/uy;
  while (pattern.lastIndex < text.length) {
    const offset = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match)
      throw new FormulaError(
        offset,
        `“${String.fromCodePoint(text.codePointAt(offset) ?? 0)}” has no meaning here. Use x, y, numbers, + − * / ^, brackets and ${formulaFunctions.join(', ')}.`,
      );
    const [kind, found] =
      Object.entries<string | undefined>(match.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
    if (kind !== undefined && found !== undefined)
      tokens.push({ kind: kind as Token['kind'], text: spellings.get(found) ?? found, offset });
  }
  return [...tokens, { kind: 'end', text: 'the end', offset: text.length }];
}

const numberOf = (value: number): Expression => ({ kind: 'number', value });
const binary = (operator: FormulaOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});

/** Recursive descent over the tokens of one formula. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): Expression {
    const expression = this.#sum();
    const { kind, text, offset } = this.#next;
    if (kind !== 'end')
      throw new FormulaError(
        offset,
        text === ')'
          ? 'This bracket was never opened. Remove it.'
          : `An operator is missing before “${text}”. For a product write *.`,
      );
    return expression;
  }

  get #next(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (!token) throw new FormulaError(0, 'Type a formula of x and y.');
    return token;
  }

  #take(...texts: string[]): Token | undefined {
    const token = this.#next;
    if (token.kind !== 'operator' || !texts.includes(token.text)) return undefined;
    this.#at++;
    return token;
  }

  /** One level deeper; a formula nested too deeply is an error and no overflow. */
  #nested(read: () => Expression): Expression {
    if (++this.#depth > deepest)
      throw new FormulaError(this.#next.offset, `This is nested more than ${deepest} deep. Write it flatter.`);
    const expression = read();
    this.#depth--;
    return expression;
  }

  #sum(): Expression {
    return this.#nested(() => {
      let left = this.#product();
      for (let sign = this.#take('+', '-'); sign; sign = this.#take('+', '-'))
        left = binary(sign.text as FormulaOperator, left, this.#product());
      return left;
    });
  }

  #product(): Expression {
    let left = this.#signed();
    for (;;) {
      const operator = this.#take('*', '/');
      if (operator) left = binary(operator.text as FormulaOperator, left, this.#signed());
      else if (this.#next.kind === 'name' || this.#next.text === '(') left = binary('*', left, this.#power());
      else return left;
    }
  }

  #signed(): Expression {
    const sign = this.#take('-', '+');
    if (!sign) return this.#power();
    const of = this.#nested(() => this.#signed());
    return sign.text === '+' ? of : binary('*', numberOf(-1), of);
  }

  #power(): Expression {
    const base = this.#atom();
    const { kind, text } = this.#next;
    if (kind === 'superscript') {
      this.#at++;
      return binary('^', base, numberOf(superscripts.get(text) ?? 1));
    }
    return this.#take('^')
      ? binary(
          '^',
          base,
          this.#nested(() => this.#signed()),
        )
      : base;
  }

  #atom(): Expression {
    const token = this.#next;
    this.#at++;
    switch (token.kind) {
      case 'number':
        return this.#number(token);
      case 'name':
        return this.#named(token);
      default:
        if (token.text === '(') return this.#closed(token);
        this.#at--;
        throw new FormulaError(
          token.offset,
          `A number, x, y, a function or a bracket is expected here, not ${quoted(token)}.`,
        );
    }
  }

  #number({ text, offset }: Token): Expression {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new FormulaError(offset, 'This number is too large.');
    return numberOf(value);
  }

  #named({ text, offset }: Token): Expression {
    if (text === 'x' || text === 'y') return { kind: 'variable', name: text };
    const constant = constants.get(text);
    if (constant !== undefined) return numberOf(constant);
    const name = formulaFunctions.find(known => known === text);
    if (!name)
      throw new FormulaError(
        offset,
        /^[xy]{2,}$/.test(text)
          ? `“${text}” is no variable. For a product write ${Array.from(text).join('*')}.`
          : `“${text}” is unknown. There are x, y, pi, e and ${formulaFunctions.join(', ')}.`,
      );
    const bracket = this.#take('(');
    if (!bracket) throw new FormulaError(this.#next.offset, `“${name}” needs its argument in brackets: ${name}(x).`);
    return { kind: 'call', name, of: this.#closed(bracket) };
  }

  /** What stands between an opening bracket, already taken, and its closing one. */
  #closed(opening: Token): Expression {
    const expression = this.#sum();
    if (!this.#take(')')) {
      const { kind, text, offset } = this.#next;
      if (kind === 'end') throw new FormulaError(opening.offset, 'This bracket is never closed. Add “)”.');
      throw new FormulaError(offset, `“)” or an operator is expected here, not “${text}”.`);
    }
    return expression;
  }
}

const quoted = ({ kind, text }: Token): string => (kind === 'end' ? text : `“${text}”`);
