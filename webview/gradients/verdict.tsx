import type { ShownVerdict } from '../../engine/protocol/views.ts';
import { Button, Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import type { GradientsHost } from './state.ts';

interface VerdictProps {
  readonly verdict: ShownVerdict;
  readonly host: GradientsHost;
  readonly onSelect: (layerId: string) => void;
}

/** What is wrong with the network, and what would help: the best remedy as a button, the others as links. */
export function Verdict({ verdict, host, onSelect }: VerdictProps) {
  const [first, ...others] = verdict.remedies;
  return (
    <section class="verdict" role="status" data-testid="verdict">
      <h3>
        <Icon name="warning" class="warnc" /> {verdict.title}
      </h3>
      <p>{verdict.message}</p>
      {first !== undefined && (
        <Button appearance="primary" onPress={() => void host.applyRemedy.asEvent(0)} testId="remedy">
          <Icon name="lightbulb-autofix" /> {first}
        </Button>
      )}
      <div class="others">
        {others.map((title, i) => (
          <button key={title} type="button" class="link" onClick={() => void host.applyRemedy.asEvent(i + 1)}>
            {title}
          </button>
        ))}
        {verdict.layerId !== '' && (
          <button type="button" class="link" onClick={() => onSelect(verdict.layerId)}>
            {t('Show {0}', verdict.layerId)}
          </button>
        )}
      </div>
    </section>
  );
}
