/** A formula whose powers, written `e^−a`, are raised. */
export function Formula({ text }: { readonly text: string }) {
  const parts = text.split(/\^(−?[^\s)/]+)/);
  return <>{parts.map((part, i) => (i % 2 === 1 ? <sup key={i}>{part}</sup> : part))}</>;
}
