/** `npm start`: builds the extension and opens a real editor on the examples with it. */
import { runWithProjectNode } from './lib/projectNode.mjs';

runWithProjectNode('openEditor.ts');
