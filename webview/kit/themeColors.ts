import { useEffect, useState } from 'preact/hooks';

/** The colours of the theme as a canvas needs them, looked up by the name of their variable. */
export type ColorOf = (variable: string) => string;

/** A fresh `ColorOf` on every change of the theme. */
export function useThemeColors(): ColorOf {
  const [colorOf, setColorOf] = useState(readColors);
  useEffect(() => {
    const observer = new MutationObserver(() => setColorOf(readColors));
    observer.observe(document.body, { attributeFilter: ['class', 'style'] });
    observer.observe(document.documentElement, { attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, []);
  return colorOf;
}

/** Variables may refer to others or mix colours; only an element's own colour is resolved. */
function readColors(): ColorOf {
  const probe = document.createElement('span');
  const known = new Map<string, string>();
  return variable => {
    let color = known.get(variable);
    if (color === undefined) {
      probe.style.color = `var(${variable})`;
      document.body.append(probe);
      color = getComputedStyle(probe).color;
      probe.remove();
      known.set(variable, color);
    }
    return color;
  };
}
