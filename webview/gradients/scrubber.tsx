import type { GradientsEvent } from '../../engine/protocol/events.ts';
import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';

interface ScrubberProps {
  readonly samples: readonly GradientsEvent[];
  readonly index: number;
  /** The latest sample is shown, and the next one will be. */
  readonly following: boolean;
  readonly onChoose: (index: number | undefined) => void;
}

/** Goes back over the run; at its end it follows what comes. */
export function Scrubber({ samples, index, following, onChoose }: ScrubberProps) {
  const last = samples.length - 1;
  if (last < 1) return null;
  return (
    <div class="scrubber">
      <input
        class="slider"
        type="range"
        min={0}
        max={last}
        value={index}
        aria-label={t('Sample of the run')}
        aria-valuetext={t('step {0}', samples[index]?.step ?? 0)}
        onInput={event => {
          const chosen = Number(event.currentTarget.value);
          onChoose(chosen === last ? undefined : chosen);
        }}
        data-testid="scrubber"
      />
      <IconButton
        icon="debug-continue"
        label={t('Follow the run')}
        pressed={following}
        onPress={() => onChoose(undefined)}
      />
    </div>
  );
}
