import type { Finding } from '../model/issues.ts';
import type { NetworkSample } from './networkSample.ts';

/** How large a learning rate may be at the weights a training starts from. */
export interface Stability {
  /** Largest eigenvalue of the loss's Hessian; of the preconditioned one under Adam. */
  readonly sharpness: number;
  /** The largest learning rate at which a step still settles. */
  readonly limit: number;
  /** The formula of the limit, as the article would write it. */
  readonly formula: string;
}

/** What a pass on real data says before a minute is spent. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Only for the optimizers that a limit is known for, and networks it can be computed for in little time. */
  readonly stability: Stability | undefined;
  /** What the drawn nodes hold at the first weights. */
  readonly network: NetworkSample | undefined;
}
