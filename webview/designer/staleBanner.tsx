import type { DesignerState } from '../../engine/protocol/views.ts';
import { Button, Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { Problem } from './problems.tsx';
import type { Designer } from './state.ts';

/** Over a picture that no longer is the text: what is wrong, where, and the way there. */
export function StaleBanner({ designer, host }: { readonly designer: Designer; readonly host: DesignerState }) {
  const error = host.issues.find(({ severity }) => severity === 'error');
  if (!host.stale || !error) return null;
  return (
    <div class="banner" role="alert" data-testid="stale-banner">
      <Icon name="error" class="errc" />
      <div class="grow">
        <div class="title">
          {host.fileName}:{error.line}:{error.column}
        </div>
        <Problem designer={designer} issue={error} />
        {host.model && <div class="note">{t('The picture shows the model as it last could be read.')}</div>}
      </div>
      <Button
        appearance="primary"
        onPress={() => void designer.host.openAsText.asEvent(error.offset)}
        testId="open-as-text"
      >
        {t('Open as Text')}
      </Button>
    </div>
  );
}
