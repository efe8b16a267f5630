import { beforeAll } from 'vitest';
import { rendererContract } from '../../ports/contracts/renderer.contract.js';
import { builtChild } from './built-child.test-support.js';
import { SharpRenderer } from './sharp-renderer.js';

beforeAll(() => void builtChild());

rendererContract('sharp', {
  create: ({ tight }) =>
    new SharpRenderer({ script: builtChild(), ...(tight ? { maxChildren: 1, maxQueued: 1 } : {}) }),
});
