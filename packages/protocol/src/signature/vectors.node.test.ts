import { describeVectors } from './vector-suite.test-support.js';

describeVectors('node:crypto');
