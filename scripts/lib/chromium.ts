/** The browser that shows VS Code in tests. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium; installs it where that needs no question, else says what to do. */
export function ensureChromium(): string {
  const found = process.env['CHROMIUM'] ?? usual.find(existsSync);
  if (found !== undefined) return found;
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0)
    throw new Error('The tests need Chromium. Install it, or set CHROMIUM to the path of a Chromium or Chrome.');
  console.log('Installing Chromium…');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    execFileSync('apt-get', [...args, '-qq'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  const installed = usual.find(existsSync);
  if (installed === undefined) throw new Error('Chromium was installed but cannot be found. Set CHROMIUM to its path.');
  return installed;
}
