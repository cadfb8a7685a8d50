/** `npm test`: makes sure that everything needed is there, then runs every test. */
import { runWithProjectNode } from './lib/projectNode.mjs';

runWithProjectNode('testAll.ts');
