export { defaultKeyPolicy, type FirstRun, newApiKey, newApiSecret } from './bootstrap.js';
export { openAccounts } from './compose/adapters.js';
export { type RunningServer, serve } from './compose/serve.js';
export { ConfigError, loadConfig } from './config/load.js';
export { type Config, configTable } from './config/table.js';
export type {
  AccountStore,
  ApiKey,
  AuditEntry,
  KeyPolicy,
  NamedTransformation,
  NewApiKey,
  UploadPreset,
} from './ports/account-store.js';
export { DuplicateError } from './ports/io.js';
export { checkSignPolicy, type PolicyCheck } from './sign-policy/check.js';
export { loadSignPolicy, type SignPolicy, SignPolicyError } from './sign-policy/load.js';
export { signPolicyJsonSchema } from './sign-policy/schema.js';
