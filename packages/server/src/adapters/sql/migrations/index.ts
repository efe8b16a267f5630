import { createAccountTables } from './0001-accounts.js';
import { createAssetTables } from './0002-assets.js';
import { createJobTable } from './0003-jobs.js';
import { createChunkedUploadTables } from './0004-chunked-uploads.js';
import { markDerivedOnRequest } from './0005-derived-on-request.js';
import { keepDerivedTotal } from './0006-derived-total.js';
import { addJobLanes } from './0007-job-lanes.js';
import { addUploadNetwork } from './0008-upload-network.js';
import type { Migration } from './migration.js';

/** In order; the position plus one is the schema version. Released ones are never edited, only followed. */
export const migrations: readonly Migration[] = [
  createAccountTables,
  createAssetTables,
  createJobTable,
  createChunkedUploadTables,
  markDerivedOnRequest,
  keepDerivedTotal,
  addJobLanes,
  addUploadNetwork,
];
