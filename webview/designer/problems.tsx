import { remedyEdit } from '../../engine/model/remedyEdit.ts';
import type { Issue } from '../../engine/model/issues.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import { Icon, IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { selectionOf } from './selection.ts';
import type { Designer } from './state.ts';

interface ProblemsProps {
  readonly designer: Designer;
  readonly host: DesignerState;
  readonly onClose: () => void;
}

/** Everything wrong with the model, under the toolbar. */
export function Problems({ designer, host, onClose }: ProblemsProps) {
  return (
    <section
      class="problems"
      aria-label={t('Problems')}
      onKeyDown={event => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="head">
        <span class="title">{host.issues.length === 0 ? t('No problems') : t('Problems')}</span>
        <span class="grow" />
        <IconButton icon="close" label={t('Close')} onPress={onClose} />
      </div>
      {host.issues.map((issue, i) => (
        <Problem key={i} designer={designer} issue={issue} withPlace />
      ))}
    </section>
  );
}

interface ProblemProps {
  readonly designer: Designer;
  readonly issue: Issue;
  /** Names the layer, and selects it on a click. */
  readonly withPlace?: boolean;
}

/** One problem with its repair. */
export function Problem({ designer, issue, withPlace = false }: ProblemProps) {
  const { severity, message, fix, remedies = [], line, column, offset, path } = issue;
  const target = selectionOf(issue);
  return (
    <div class="problem" data-testid="problem" data-code={issue.code}>
      <Icon name={severity} class={severity === 'error' ? 'errc' : 'warnc'} />
      <span>
        {message}{' '}
        {fix && (
          <button
            type="button"
            class="link"
            onClick={() =>
              designer.edit({ kind: 'setValue', path: [...fix.path], value: fix.value }, t('{0}: done.', fix.title))
            }
          >
            {fix.title}
          </button>
        )}
        {remedies.map(remedy => (
          <button
            key={remedy.title}
            type="button"
            class="link"
            onClick={() => designer.edit(remedyEdit(remedy), t('{0}: done.', remedy.title))}
          >
            {remedy.title}
          </button>
        ))}
        {!fix && issue.code === 'unknown-key' && (
          <button
            type="button"
            class="link"
            onClick={() => designer.edit({ kind: 'removeValue', path: [...path] }, 'Removed the key.')}
          >
            {t('Remove')}
          </button>
        )}
        {withPlace && target && (
          <button type="button" class="link" onClick={() => designer.select(target)}>
            {t('Show')}
          </button>
        )}{' '}
        {withPlace && (
          <button type="button" class="link muted" onClick={() => void designer.host.openAsText.asEvent(offset)}>
            {t('line {0}:{1}', line, column)}
          </button>
        )}
      </span>
    </div>
  );
}
