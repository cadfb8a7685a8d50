import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { connect, type Channel, type MethodSchemas } from '../../engine/protocol/channel.ts';

/** The page of a view: one script, two style sheets, nothing from elsewhere, nothing inline but the words of the display language. */
export interface WebviewPage {
  readonly view: 'designer' | 'training' | 'gradients' | 'explain' | 'comparison' | 'sweep' | 'lab' | 'device';
  readonly title: string;
  /** Kept by the page over a reload of the window, for the host to find its model again. */
  readonly model?: string;
  /** A script that the page may start as a worker. */
  readonly worker?: string;
}

export function fillWebview(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { view, title, model, worker }: WebviewPage,
): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const { bundle } = vscode.l10n;
  const nonce = randomBytes(16).toString('base64');
  // The form controls put their styles into style elements, which only 'unsafe-inline' allows; scripts need the nonce.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    // A worker of another address is not allowed: the page reads its script and starts it from memory.
    ...(worker === undefined ? [] : [`connect-src ${webview.cspSource}`, 'worker-src blob:']),
  ].join('; ');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = `<!DOCTYPE html>
<html lang="${bundle ? vscode.env.language : 'en'}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file(`${view}.css`)}">
<title>${escapeHtml(title)}</title>
</head>
<body data-view="${view}" data-model="${escapeHtml(model ?? '')}" data-worker="${worker === undefined ? '' : file(worker)}">
<div id="root"></div>
<script type="application/json" id="language">${bundle ? JSON.stringify(bundle).replaceAll('<', '\\u003c') : ''}</script>
<script type="module" nonce="${nonce}" src="${file(`${view}.js`)}"></script>
</body>
</html>`;
}

/** Speaks with the page in a webview; a message that fits no schema is logged and dropped. */
export function connectWebview<Remote extends object, Local extends object>(
  webview: vscode.Webview,
  local: Local,
  schemas: MethodSchemas<Local>,
  log: vscode.LogOutputChannel,
): Channel<Remote, Local> {
  return connect<Remote, Local>(
    {
      post: message => void webview.postMessage(message),
      onMessage: listener => void webview.onDidReceiveMessage(listener),
    },
    local,
    { schemas, onDropped: reason => log.warn(`A view sent ${reason}.`) },
  );
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
