/** Primary result codes and the extended ones that matter (SQLite documentation, "Result and Error Codes"). */
const codes = {
  busy: 5,
  full: 13,
  constraintPrimaryKey: 1555,
  constraintUnique: 2067,
} as const;

/** Extended code of an error thrown by the engine; null for other errors. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}

/** Another connection holds the lock that was needed; the statement had no effect and may be tried again. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && (code & 0xff) === codes.busy;
}

export function sqliteMeaning(error: unknown): 'duplicate' | 'full' | null {
  switch (codeOf(error)) {
    case codes.constraintPrimaryKey:
    case codes.constraintUnique:
      return 'duplicate';
    case codes.full:
      return 'full';
    default:
      return null;
  }
}
