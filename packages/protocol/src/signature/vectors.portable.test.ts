import { vi } from 'vitest';
import { describeVectors } from './vector-suite.test-support.js';

// What the `default` condition of package.json does outside Node.
vi.mock('#digest', () => import('./digest.js'));

describeVectors('the portable digest');
