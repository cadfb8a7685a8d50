import type { TrainingInView } from '../../engine/protocol/deviceViews.ts';
import { t } from '../kit/language.ts';
import { useStore, type Store } from '../kit/store.ts';

export interface DeviceState {
  readonly trainings: readonly TrainingInView[];
}

/** What computes in this tab, and what its closing would do. */
export function App({ store }: { readonly store: Store<DeviceState> }) {
  const { trainings } = useStore(store);
  return (
    <main class="device">
      <p>
        {t(
          'This tab computes. It may lie behind others; when it is closed, its training goes on on the CPU from the last numbers that came home.',
        )}
      </p>
      <ul>
        {trainings.map(({ title, device }) => (
          <li key={title} data-testid="guest">
            <b>{title}</b>
            <span class="muted" data-testid="guest-device">
              {device === '' ? t('Looking for a device…') : device}
            </span>
          </li>
        ))}
      </ul>
    </main>
  );
}
