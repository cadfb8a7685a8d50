import { h, type ComponentChild } from 'preact';

const operators = new Set(['=', '+', '−', '⊙', '·', '←', '→', '(', ')', '[', ']', 'Σ', '∂', '√', ',', '|', '/']);

/**
 * A formula as MathML. Words are separated by spaces; `W_1^⊤` has an index and an exponent, `∂L:∂W_1` is a fraction.
 */
export function Formula({ text }: { readonly text: string }) {
  return h(
    'math',
    { class: 'formula', 'aria-label': text.replaceAll(':', '/') },
    h('mrow', null, text.split(' ').map(word)),
  );
}

function word(text: string): ComponentChild {
  const [above, below] = text.split(':');
  if (above !== undefined && below !== undefined)
    return h('mfrac', null, h('mrow', null, atom(above)), h('mrow', null, atom(below)));
  return atom(text);
}

const gap = () => h('mspace', { width: '0.17em' });

function atom(text: string): ComponentChild {
  if (operators.has(text)) return h('mo', { stretchy: 'false', symmetric: 'false' }, text);
  // A name such as ln or tanh stands apart from what it is applied to.
  if (/^[a-z]{2,}$/.test(text)) return [gap(), h('mi', null, text), gap()];
  if (text.length > 1 && text.startsWith('∂')) return h('mrow', null, h('mo', null, '∂'), atom(text.slice(1)));
  const {
    base = text,
    index,
    exponent,
  } = /^(?<base>[^_^]+)(?:_(?<index>[^^]+))?(?:\^(?<exponent>.+))?$/.exec(text)?.groups ?? {};
  const core = /^[\d.]+$/.test(base) ? h('mn', null, base) : h('mi', null, base);
  const part = (value: string) => (/^\d+$/.test(value) ? h('mn', null, value) : h('mi', null, value));
  if (index !== undefined && exponent !== undefined) return h('msubsup', null, core, part(index), part(exponent));
  if (index !== undefined) return h('msub', null, core, part(index));
  return exponent === undefined ? core : h('msup', null, core, part(exponent));
}
