/** One kernel of gpu.js: a number for every place of its output, out of matrices named by `parameters`. */
export interface KernelSource {
  readonly parameters: readonly string[];
  /** JavaScript as gpu.js reads it; a string, because minifiers break functions. */
  readonly text: string;
}

/**
 * A kernel whose `body` returns the number at (`row`, `column`). Matrices are read as `name[row][column]`; sizes and other settings that do
 * not change are `this.constants.name`, since loops with other bounds end at 1000.
 */
export const kernelSource = (parameters: readonly string[], body: string): KernelSource => ({
  parameters,
  text: `function (${parameters.join(', ')}) { const row = this.thread.y; const column = this.thread.x; ${body} }`,
});

/** The sum of `term` over `i` from 0 to the constant `count`, after `start`. */
export const summed = (term: string, count: string, start = '0.0'): string =>
  `let sum = ${start}; for (let i = 0; i < this.constants.${count}; i++) { sum += ${term}; }`;
