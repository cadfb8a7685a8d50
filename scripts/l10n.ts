/**
 * `npm run l10n`: writes `l10n/bundle.l10n.json`, the visible texts of the host and the views.
 *
 *     (nothing)        the bundle that translations start from
 *     --pseudo FOLDER  bundles of the language qps-ploc into a copy of the extension, to see what is not translated
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFile, collectMessages, pseudoBundle, type Bundle } from './lib/messages.ts';
import { root } from './lib/paths.mjs';

const write = (file: string, bundle: Bundle) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bundle, null, 2)}\n`);
};

const { values } = parseArgs({ options: { pseudo: { type: 'string' } } });
const { bundle, unreadable } = collectMessages();
for (const { file, line } of unreadable)
  console.error(`${file}:${line} translates a text that is not written out. Write it there, with {0} for what varies.`);
if (values.pseudo === undefined) write(bundleFile, bundle);
else {
  write(path.join(values.pseudo, 'l10n/bundle.l10n.qps-ploc.json'), pseudoBundle(bundle));
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Bundle;
  write(path.join(values.pseudo, 'package.nls.qps-ploc.json'), pseudoBundle(manifest));
}
process.exitCode = unreadable.length === 0 ? 0 : 1;
