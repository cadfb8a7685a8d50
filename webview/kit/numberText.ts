import { t } from './language.ts';
const minus = (text: string): string => text.replace('-', '−');
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `12,810` */
export const countText = (value: number): string => minus(Math.round(value).toLocaleString('en-US'));

/** A figure to be read at a glance: `0.0313`, `12.4`, `7.1·10⁻⁵`. */
export function figureText(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e-3 && size < 1e5) return minus(String(Number(value.toPrecision(digits))));
  const [mantissa = '', exponent = '0'] = value.toExponential(Math.max(0, digits - 2)).split('e');
  return `${minus(mantissa)}·10${powerText(Number(exponent))}`;
}

/** `⁻⁵` */
const powerText = (exponent: number): string =>
  String(exponent)
    .replace('-', '⁻')
    .replaceAll(/\d/g, digit => superscripts[Number(digit)] ?? '');

/** `96.7%` */
export const percentText = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** `708 B`, `50 KB` */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0;
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value).toString()} ${units[power] ?? ''}`;
}

/** Seconds as people say them: `8 s`, `3 min`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return t('{0} s', Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? t('{0} min', minutes) : t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
