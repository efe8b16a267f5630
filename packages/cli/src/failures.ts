/** The command was called wrongly: exit code 2. Every other error is exit code 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The operation was refused or did not work: exit code 1. `message` is all the user sees. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
