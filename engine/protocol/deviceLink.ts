import { EngineError } from '../model/errors.ts';
import { connect, type Channel, type Port } from './channel.ts';
import type { DeviceCalls } from './deviceCalls.ts';

/** A device at the other end of a port, for as long as it is there. Liveness is the port's business: no call has a clock of its own. */
export class DeviceLink implements DeviceCalls {
  readonly #channel: Channel<DeviceCalls, object>;
  #ended: EngineError | undefined;

  constructor(port: Port, onDropped: (reason: string) => void) {
    this.#channel = connect<DeviceCalls, object>(port, {}, { schemas: {}, onDropped, timeout: 2 ** 31 - 1 });
  }

  findDevices: DeviceCalls['findDevices'] = software => this.#alive(channel => channel.findDevices(software));
  prepareDevice: DeviceCalls['prepareDevice'] = problem => this.#alive(channel => channel.prepareDevice(problem));
  loadDevice: DeviceCalls['loadDevice'] = state => this.#alive(channel => channel.loadDevice(state));
  runDevice: DeviceCalls['runDevice'] = steps => this.#alive(channel => channel.runDevice(steps));
  probeDevice: DeviceCalls['probeDevice'] = (step, wishes) => this.#alive(channel => channel.probeDevice(step, wishes));
  evaluateDevice: DeviceCalls['evaluateDevice'] = rows => this.#alive(channel => channel.evaluateDevice(rows));
  saveDevice: DeviceCalls['saveDevice'] = lastStep => this.#alive(channel => channel.saveDevice(lastStep));
  closeDevice: DeviceCalls['closeDevice'] = () => this.#alive(channel => channel.closeDevice());
  leaveDevices: DeviceCalls['leaveDevices'] = () => this.#alive(channel => channel.leaveDevices());

  /** The device is gone: this and every later call rejects with `device-lost` and this message. */
  end(message: string): void {
    if (this.#ended) return;
    this.#ended = new EngineError('device-lost', message);
    this.#channel.$close(this.#ended);
  }

  #alive<T>(call: (channel: DeviceCalls) => Promise<T>): Promise<T> {
    return this.#ended ? Promise.reject(this.#ended) : call(this.#channel);
  }
}
