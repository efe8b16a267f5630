/** One thing that is, or may be, wrong with a signed request. */
export interface Finding {
  readonly code: string;
  /** For people. Names parameters and API keys; holds no secret and no expected signature. */
  readonly message: string;
  readonly parameter: string | null;
}

/** A key that could have signed, under the name it may be called by. */
export interface KnownSecret {
  readonly apiKey: string;
  readonly secret: string;
}

/** Fields as they came, in order. Repeated names and `name[]` are lists. */
export type Fields = readonly (readonly [name: string, value: string])[];

export function finding(code: string, message: string, parameter: string | null = null): Finding {
  return { code, message, parameter };
}
