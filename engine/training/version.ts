import manifest from '../../package.json' with { type: 'json' };

/** The version of MLP Studio, as `run.json` records it. */
export const version: string = manifest.version;
