import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Gives a form control its name. The library's controls name themselves ("Checkbox", "Text field")
 * when they are put into the page, so the name has to come after that.
 */
export function useLabel<T extends HTMLElement>(label: string) {
  const element = useRef<T>(null);
  useLayoutEffect(() => element.current?.setAttribute('aria-label', label), [label]);
  return element;
}
