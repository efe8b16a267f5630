import { BodyError, type Incoming } from './exchange.js';

/** Parameters to sign are names and short texts. */
export const maxBodyBytes = 64 * 1024;
const maxParameters = 100;

export interface AskedFor {
  /** Null when the caller wants a ready form. */
  readonly params: Readonly<Record<string, unknown>> | null;
  readonly amend: boolean;
}

const readyForm: AskedFor = { params: null, amend: true };

/**
 * What a caller asks for: `{"paramsToSign": {...}}` or `{"params_to_sign": {...}}`, optionally `"amend": true`; anything without
 * parameters is the ready form. Parsed as JSON whatever the content type (widgets reference, section 3.2).
 * @throws BodyError
 */
export async function readAskedFor(incoming: Incoming): Promise<AskedFor> {
  if (incoming.method !== 'POST') return readyForm;
  const body = await incoming.readBody(maxBodyBytes);
  const value = 'text' in body ? parse(body.text) : body.value;
  if (value === null || value === undefined) return readyForm;
  const fields = objectOf(value, 'the body');
  const params = own(fields, 'paramsToSign') ?? own(fields, 'params_to_sign');
  if (params === undefined) {
    if (Object.keys(fields).length === 0) return readyForm;
    throw new BodyError(400, 'malformed-body', 'the body must hold paramsToSign');
  }
  return { params: readParams(objectOf(params, 'paramsToSign')), amend: own(fields, 'amend') === true };
}

function parse(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError(400, 'malformed-body', 'the body is not JSON');
  }
}

function objectOf(value: unknown, what: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new BodyError(400, 'malformed-body', `${what} must be a JSON object`);
}

function own(fields: object, name: string): unknown {
  return Object.hasOwn(fields, name) ? Reflect.get(fields, name) : undefined;
}

/** Copies into an object without prototype; `__proto__` is a name like any other there, and refused as one. */
function readParams(given: object): Readonly<Record<string, unknown>> {
  const entries = Object.entries(given);
  if (entries.length > maxParameters) {
    throw new BodyError(400, 'too-many-parameters', `more than ${maxParameters} parameters`);
  }
  const params: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) {
    if (!isWireValue(value)) {
      throw new BodyError(
        400,
        'invalid-value',
        `${name.slice(0, 64)} must be text, a number, a boolean or a list of these`,
      );
    }
    params[name] = value;
  }
  return params;
}

function isWireValue(value: unknown): boolean {
  return value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
