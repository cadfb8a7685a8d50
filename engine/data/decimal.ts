const zero = 0x30;
const nine = 0x39;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const exponentSmall = 0x65;
const exponentLarge = 0x45;

/** Powers of ten that float64 holds exactly. */
const powers = Array.from({ length: 23 }, (_, i) => Number(`1e${String(i)}`));

/**
 * Reads decimal notation, `[+-] digits [. digits] [e [+-] digits]`, out of ASCII bytes; NaN for anything else:
 * no hexadecimal, no Infinity, no empty text read as 0. A number too large for float64 is none.
 *
 * Where the digits fit 2⁵³ and the power of ten is at most 10²², both are exact in float64 and a single
 * rounding is left, so the quick way gives the nearest number. Others take the language's own reading.
 * Source: Clinger 1990, “How to read floating point numbers accurately”.
 */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === minus;
  if (negative || bytes[at] === plus) at++;
  let digits = 0;
  let mantissa = 0;
  for (; at < end && bytes[at]! >= zero && bytes[at]! <= nine; at++, digits++)
    mantissa = mantissa * 10 + (bytes[at]! - zero);
  let scale = 0;
  if (at < end && bytes[at] === point) {
    const fraction = ++at;
    for (; at < end && bytes[at]! >= zero && bytes[at]! <= nine; at++, digits++)
      mantissa = mantissa * 10 + (bytes[at]! - zero);
    scale = fraction - at;
  }
  if (digits === 0) return NaN;
  if (at < end && (bytes[at] === exponentSmall || bytes[at] === exponentLarge)) {
    const down = bytes[++at] === minus;
    if (at < end && (down || bytes[at] === plus)) at++;
    const first = at;
    let exponent = 0;
    for (; at < end && bytes[at]! >= zero && bytes[at]! <= nine; at++)
      exponent = Math.min(exponent * 10 + (bytes[at]! - zero), 1_000_000);
    if (at === first) return NaN;
    scale += down ? -exponent : exponent;
  }
  if (at !== end) return NaN;
  if (mantissa < Number.MAX_SAFE_INTEGER && scale >= -22 && scale <= 22) {
    const size = scale < 0 ? mantissa / powers[-scale]! : mantissa * powers[scale]!;
    return negative ? -size : size;
  }
  const value = Number(String.fromCharCode(...bytes.subarray(start, Math.min(end, start + longest))));
  return end - start <= longest && Number.isFinite(value) ? value : NaN;
}

/** No number needs more digits than this; float64 has at most 767 that count. */
const longest = 1100;
