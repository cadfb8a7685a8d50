import { expect, it } from 'vitest';
import { explained } from '../../../engine/training/probe.ts';

it('a device that was found and could not be read back under Electron comes with what would help', () => {
  const unread = { rung: 'WebGPU', passed: false, device: 'Card', reason: 'It gave up.', milliseconds: 1 };
  const missing = { rung: 'headless-gl', passed: false, reason: 'Not installed.', milliseconds: 1 };
  const passed = { ...unread, passed: true };
  expect(explained([unread, missing, passed], { electron: '39.0.0' })).toEqual([
    { ...unread, reason: expect.stringMatching(/^It gave up\. .*Node\.js 20 or newer.*mlpStudio\.nodePath/) as string },
    missing,
    passed,
  ]);
  expect(explained([unread], { node: '24.0.0' })).toEqual([unread]);
});
