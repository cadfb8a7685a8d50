/** The worker of a view: a device for a trainer that lives elsewhere. A file that a view starts; it ends with the view. */
import { connect } from '../protocol/channel.ts';
import { deviceCallSchemas, type DeviceCalls } from '../protocol/deviceCalls.ts';
import { browserRungs } from './browserRungs.ts';
import { DeviceService } from './deviceService.ts';

connect<object, DeviceCalls>(
  {
    post: message => {
      postMessage(message);
    },
    onMessage: listener => {
      addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        listener(data);
      });
    },
  },
  new DeviceService(browserRungs),
  {
    schemas: deviceCallSchemas,
    onDropped: reason => {
      console.warn(`Dropped ${reason}.`);
    },
  },
);
