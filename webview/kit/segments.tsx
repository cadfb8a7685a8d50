interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly values: readonly (readonly [value: Value, title: string])[];
  readonly onChoose: (value: Value) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

/** One of a few values, all of them in sight. */
export function Segments<Value extends string>({
  label,
  value,
  values,
  onChoose,
  disabled = false,
  testId,
}: SegmentsProps<Value>) {
  return (
    <span class="segments" role="group" aria-label={label} data-testid={testId}>
      {values.map(([name, title]) => (
        <button
          type="button"
          key={name}
          class={`segment${name === value ? ' on' : ''}`}
          aria-pressed={name === value}
          disabled={disabled}
          onClick={() => onChoose(name)}
        >
          {title}
        </button>
      ))}
    </span>
  );
}
