import type { WarningEvent } from '../../engine/protocol/events.ts';
import { Icon } from '../kit/button.tsx';

interface AlarmProps {
  readonly warning: WarningEvent;
  readonly remedies: readonly string[];
  readonly onRemedy: (index: number) => void;
}

/** The last thing that went wrong, in one line, with what would help. */
export function Alarm({ warning: { code, message }, remedies, onRemedy }: AlarmProps) {
  return (
    <div class="message" role="status" data-testid="alarm" data-code={code}>
      <Icon name="warning" class="warnc" />
      <span class="text">{message}</span>
      {remedies.map((title, i) => (
        <button key={title} type="button" class="link" onClick={() => onRemedy(i)}>
          {title}
        </button>
      ))}
    </div>
  );
}
