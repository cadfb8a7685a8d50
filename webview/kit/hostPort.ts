import { connect, type Channel, type MethodSchemas } from '../../engine/protocol/channel.ts';

interface WebviewApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): WebviewApi;

/**
 * Connects a view with the extension host. What the host needs to find the view's model again after
 * a reload of the window is kept with the page.
 */
export function connectHost<Host extends object, View extends object>(
  view: View,
  schemas: MethodSchemas<View>,
): Channel<Host, View> {
  const api = acquireVsCodeApi();
  api.setState({ model: document.body.dataset['model'] ?? '' });
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
