import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The compiled child: processes cannot run the TypeScript sources. Call in `beforeAll`. */
export function builtChild(): URL {
  const script = new URL('../../../dist/adapters/sharp/child.js', import.meta.url);
  if (!existsSync(script)) {
    throw new Error(`${fileURLToPath(script)} is missing: run "npx tsc -b packages/server" first`);
  }
  return script;
}
