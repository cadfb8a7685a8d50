/** Ways to a GPU from Node, in the order in which they are taken. */
export const nodeWays = ['WebGPU', 'headless-gl'] as const;
export type NodeWay = (typeof nodeWays)[number];
