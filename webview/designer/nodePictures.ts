import { pictureSize, type LayerSample } from '../../engine/protocol/networkSample.ts';
import type { Column } from './geometry.ts';

export type Rgb = readonly [number, number, number];

export interface SignColors {
  readonly positive: Rgb;
  readonly negative: Rgb;
  readonly zero: Rgb;
}

/** `rgb(1, 2, 3)` or `color(srgb 0.1 0.2 0.3)`, as a browser resolves colours. */
export function rgbOf(color: string): Rgb {
  const [r = 0, g = 0, b = 0] = (color.replace('srgb', '').match(/[\d.]+/g) ?? []).map(Number);
  return color.startsWith('color(') ? [r * 255, g * 255, b * 255] : [r, g, b];
}

/** The colour of a value from −1 to 1: the background at 0, the colour of its sign at its largest. */
export function signedColor(value: number, { positive, negative, zero }: SignColors): Rgb {
  const share = Math.min(1, Math.abs(value));
  const end = value < 0 ? negative : positive;
  const mix = (i: 0 | 1 | 2) => zero[i] + (end[i] - zero[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

/** The pictures that the nodes of one column show, those of the inputs being given; none where they have a plain colour. */
export const picturesOf = (
  column: Column,
  sample: LayerSample | undefined,
  inputs: readonly (readonly number[])[],
): readonly (readonly number[])[] => (column.kind === 'input' ? inputs : (sample?.pictures ?? []));

/** Every node's picture in one image, a row a column of the network: painted once for each sample. */
export class PictureSheet {
  readonly image: HTMLCanvasElement;

  constructor(rows: readonly (readonly (readonly number[])[])[], colors: SignColors) {
    this.image = document.createElement('canvas');
    this.image.width = Math.max(1, ...rows.map(row => row.length)) * pictureSize;
    this.image.height = Math.max(1, rows.length) * pictureSize;
    const context = this.image.getContext('2d');
    const palette = Array.from({ length: 255 }, (_, i) => signedColor((i - 127) / 127, colors));
    rows.forEach((row, y) => {
      row.forEach((picture, x) => context?.putImageData(imageOf(picture, palette), x * pictureSize, y * pictureSize));
    });
  }
}

function imageOf(picture: readonly number[], palette: readonly Rgb[]): ImageData {
  const image = new ImageData(pictureSize, pictureSize);
  picture.forEach((value, i) => image.data.set([...(palette[value + 127] ?? [0, 0, 0]), 255], i * 4));
  return image;
}
