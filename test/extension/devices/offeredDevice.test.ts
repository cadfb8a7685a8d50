import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../engine/model/errors.ts';
import type { DeviceCalls } from '../../../engine/protocol/deviceCalls.ts';
import type { DeviceReport } from '../../../engine/protocol/devices.ts';
import {
  lookAround,
  OfferedDevice,
  type DeviceRoom,
  type LentDevice,
} from '../../../extension/devices/offeredDevice.ts';

const software: DeviceReport = {
  rung: 'WebGL 2 of a view',
  passed: true,
  device: 'SwiftShader',
  kind: 'software',
  milliseconds: 1,
};
const card: DeviceReport = { ...software, device: 'Card', kind: 'hardware' };

/** A room whose view has this device, and a list of what happened there. */
function room(report: DeviceReport) {
  const happened: string[] = [];
  const gone = () => Promise.reject(new EngineError('device-lost', 'gone'));
  const calls: DeviceCalls = {
    findDevices: () => Promise.resolve([report]),
    prepareDevice: () => Promise.resolve({ window: 4 }),
    ...{
      loadDevice: gone,
      runDevice: gone,
      probeDevice: gone,
      evaluateDevice: gone,
      saveDevice: gone,
      closeDevice: gone,
      leaveDevices: gone,
    },
  };
  const made: DeviceRoom = {
    reports: undefined,
    lend: (title): Promise<LentDevice> => {
      happened.push(`lent to ${title}`);
      const name = (device: string) => happened.push(device);
      return Promise.resolve({ calls, name, giveBack: () => happened.push('given back') });
    },
  };
  return { made, happened };
}

const matrix = { rows: 1, columns: 1, values: new Float32Array(1) };
const problem = { text: '{}', features: matrix, targets: matrix, capacity: 1, largestBatch: 1 };

describe('a device that the editor offers to a training', () => {
  it('is lent when it is asked for, names itself in its view, and goes back with the process', async () => {
    const { made, happened } = room(card);
    const offered = new OfferedDevice(made, 'moons');
    expect(await offered.findDevices(false)).toEqual([card]);
    await offered.prepareDevice({ rung: card.rung, ...problem });
    offered.dispose();
    expect(happened).toEqual(['lent to moons', 'WebGL 2 of a view: GPU: Card', 'given back']);
  });

  it('goes back when something else turned out to be faster', async () => {
    const { made, happened } = room(card);
    const offered = new OfferedDevice(made, 'moons');
    await offered.findDevices(false);
    await offered.leaveDevices();
    expect(happened).toEqual(['lent to moons', 'given back']);
    await expect(offered.prepareDevice({ rung: card.rung, ...problem })).rejects.toMatchObject({ code: 'device-lost' });
  });

  it('goes back at once where only a GPU would do and there is none, and no view is opened for that again', async () => {
    const { made, happened } = room(software);
    expect(await new OfferedDevice(made, 'first').findDevices(false)).toEqual([software]);
    expect(await new OfferedDevice(made, 'second').findDevices(false)).toEqual([software]);
    expect(happened).toEqual(['lent to first', 'given back']);
  });

  it('is lent to who takes software too, although none is a GPU', async () => {
    const { made, happened } = room(software);
    await new OfferedDevice(made, 'first').findDevices(false);
    const offered = new OfferedDevice(made, 'second');
    await offered.findDevices(true);
    expect(await offered.prepareDevice({ rung: software.rung, ...problem })).toEqual({ window: 4 });
    expect(happened.slice(2)).toEqual([
      'lent to second',
      'WebGL 2 of a view: software device on the processor, no GPU: SwiftShader',
    ]);
  });

  it('is lost to who has asked for none', async () => {
    const { made } = room(card);
    const lend = vi.spyOn(made, 'lend');
    const calls = new OfferedDevice(made, 'moons');
    await expect(calls.prepareDevice({ rung: card.rung, ...problem })).rejects.toMatchObject({ code: 'device-lost' });
    expect(lend).not.toHaveBeenCalled();
  });

  it('goes back when the process ends while it is being lent', async () => {
    const { made, happened } = room(card);
    const offered = new OfferedDevice(made, 'moons');
    const finding = offered.findDevices(true);
    offered.dispose();
    await finding;
    expect(happened).toEqual(['lent to moons', 'given back']);
  });
});

describe('a look at what the browser can compute with', () => {
  it('opens a view once while the editor runs, and gives it back', async () => {
    const { made, happened } = room(software);
    expect(await lookAround(made)).toEqual([software]);
    expect(await lookAround(made)).toEqual([software]);
    expect(happened).toEqual(['lent to Show Devices', 'given back']);
  });

  it('says why there is no answer, and looks again the next time', async () => {
    const { made } = room(card);
    vi.spyOn(made, 'lend').mockRejectedValueOnce(new EngineError('device-lost', 'The tab was closed.'));
    expect(await lookAround(made)).toMatchObject([{ passed: false, reason: 'The tab was closed.' }]);
    expect(await lookAround(made)).toEqual([card]);
  });

  it('does not wait for a browser that never answers', async () => {
    vi.useFakeTimers();
    try {
      const { made } = room(card);
      vi.spyOn(made, 'lend').mockReturnValue(new Promise(() => undefined));
      const looking = lookAround(made);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await looking).toMatchObject([{ passed: false, reason: 'No answer within 20 seconds.' }]);
    } finally {
      vi.useRealTimers();
    }
  });
});
