/** Position 0 … 1 of a value on a slider over decades. */
export function toSlider(value: number, min: number, max: number): number {
  const position = Math.log(value / min) / Math.log(max / min);
  return Math.min(1, Math.max(0, position));
}

/** The value at a position, with two significant digits: what a hand can choose. */
export function fromSlider(position: number, min: number, max: number): number {
  return Number((min * (max / min) ** position).toPrecision(2));
}
