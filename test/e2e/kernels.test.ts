import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryCases } from '../contract/deviceCases.ts';
import { kernelCases, products } from '../contract/kernelCases.ts';
import { openPage, scriptOf, softwareDevices } from './support/browserPage.ts';

interface Answer {
  readonly device: string;
  readonly differences: readonly number[];
}

describe.each(['webgl2', 'webgpu'] as const)('the kernels of the GPU in a worker of a browser, by %s', mode => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    ({ browser, page } = await openPage(softwareDevices[mode]));
    await page.evaluate(
      script => {
        const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
        Object.assign(globalThis, { worker });
      },
      await scriptOf('test/e2e/support/kernelWorker.ts'),
    );
  });
  afterAll(() => browser.close());

  const ask = (title: string, long = false): Promise<Answer> =>
    page.evaluate(
      question =>
        new Promise<Answer>((resolve, reject) => {
          const { worker } = globalThis as { worker?: Worker };
          if (!worker) throw new Error('No worker.');
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.onmessage = ({ data }: MessageEvent<{ result?: Answer; error?: string }>) =>
            data.result ? resolve(data.result) : reject(new Error(data.error));
          worker.postMessage(question);
        }),
      { mode, title, long },
    );

  it('a device of Chromium that computes on the processor is called software', async () => {
    const { device } = await ask(products[0]?.title ?? '');
    expect(device).toMatch(/^software: .*swiftshader/i);
  });

  it.each([...kernelCases, ...summaryCases])(
    'compute $title as the reference does, whatever the shape',
    async ({ title }) => {
      const { differences } = await ask(title);
      expect(differences).toHaveLength(4);
      for (const difference of differences) expect(difference).toBeLessThan(1e-5);
    },
  );

  it.each([...products, ...summaryCases])('compute $title over long sums', async ({ title }) => {
    const { differences } = await ask(title, true);
    expect(differences).toHaveLength(3);
    for (const difference of differences) expect(difference).toBeLessThan(1e-5);
  });
});
