import { ownProcesses } from '../../../scripts/lib/ownProcesses.ts';

/** Process ids of the training processes that run now in editors that this journey has opened. */
export const trainingProcesses = (): number[] => ownProcesses('dist/process.js');
