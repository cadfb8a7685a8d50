import { useState } from 'preact/hooks';
import { t } from './language.ts';
import { fromSlider, toSlider } from './logScale.ts';

interface LogSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onCommit: (value: number) => void;
  readonly disabled?: boolean;
}

/** A slider over decades. It commits once, when it is let go. */
export function LogSlider({ label, value, min, max, onCommit, disabled = false }: LogSliderProps) {
  const [position, setPosition] = useState<number | undefined>();
  const shown = position ?? toSlider(value, min, max);
  const commit = () => {
    if (position === undefined) return;
    setPosition(undefined);
    const chosen = fromSlider(position, min, max);
    if (chosen !== value) onCommit(chosen);
  };
  return (
    <input
      class="slider"
      type="range"
      min={0}
      max={1}
      step={0.005}
      value={shown}
      disabled={disabled}
      aria-label={t('{0}, slider', label)}
      aria-valuetext={String(fromSlider(shown, min, max))}
      title={String(fromSlider(shown, min, max))}
      onInput={event => setPosition(Number(event.currentTarget.value))}
      onChange={commit}
    />
  );
}
