/** What a command may touch of the process it runs in. */
export interface Context {
  /** Standard output: results only. */
  readonly out: (text: string) => void;
  /** Standard error: progress and problems. */
  readonly err: (text: string) => void;
  readonly errIsTerminal: boolean;
  readonly environment: () => Environment;
}

export interface Environment {
  /** The environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `CLOUDINARY_URL` from the environment, else from `.env` in the working folder; null when neither has it. */
  readonly cloudinaryUrl: string | null;
}

export interface JsonOption {
  readonly json?: true;
}

/** Prints a result: as JSON when asked for, else as the lines a person reads. */
export function print(context: Context, options: JsonOption, value: unknown, lines: readonly string[]): void {
  context.out(
    options.json === true
      ? `${JSON.stringify(value)}\n`
      : lines.map((line) => `${withoutControls(line)}\n`).join(''),
  );
}

/** Names and values come from requests that others made: what would steer a terminal is shown as an escape. */
function withoutControls(line: string): string {
  return line.replaceAll(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
