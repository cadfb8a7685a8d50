import { connect, type Channel, type MethodSchemas } from '../../engine/protocol/channel.ts';

interface WebviewApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}
declare function acquireVsCodeApi(): WebviewApi;

/** The page may ask for it once only. */
let acquired: WebviewApi | undefined;
const webviewApi = (): WebviewApi => (acquired ??= acquireVsCodeApi());

const modelOfPage = (): string => document.body.dataset['model'] ?? '';

/** What the view kept when it was hidden, or when the window was reloaded; undefined for a view that is new. */
export function recall(): unknown {
  const state = webviewApi().getState();
  return typeof state === 'object' && state !== null && 'view' in state ? state.view : undefined;
}

/** Keeps something for `recall`, and the model that the host will find the view by. */
export const remember = (view: object, model = modelOfPage()): void => webviewApi().setState({ model, view });

/**
 * Connects a view with the extension host. What the host needs to find the view's model again after
 * a reload of the window is kept with the page.
 */
export function connectHost<Host extends object, View extends object>(
  view: View,
  schemas: MethodSchemas<View>,
): Channel<Host, View> {
  const api = webviewApi();
  // A view whose model can change keeps it itself.
  if (modelOfPage() !== '') api.setState({ model: modelOfPage(), view: recall() });
  return connect<Host, View>(
    {
      post: message => api.postMessage(message),
      onMessage: listener => window.addEventListener('message', event => listener(event.data)),
    },
    view,
    {
      schemas,
      onDropped: reason => console.warn(`Dropped ${reason}.`),
      // The host lives as long as the page; some of what it is asked takes minutes.
      timeout: 2 ** 31 - 1,
    },
  );
}
