import {
  checkTimestamp,
  findUnsignableParameter,
  type OperationName,
  stringToSign,
  verifyHexSignature,
} from '@counterseal/protocol';
import { type Fields, type Finding, finding, type KnownSecret } from './finding.js';
import { mistakes } from './mistakes.js';
import { secretForms } from './secret-forms.js';
import { type RequestView, viewRequest } from './view.js';

export interface SignatureToExplain {
  /** The request as it was sent, with `api_key` and `signature`. */
  readonly fields: Fields;
  readonly operation?: OperationName;
  readonly knownSecrets: readonly KnownSecret[];
  readonly nowSeconds: number;
}

/**
 * What is wrong with a signed request, most likely cause first. Tries the usual mistakes with each known secret; only what
 * reproduces the signature that was received is called the cause. Pure; answers no secret and no expected signature.
 */
export function explainSignature(request: SignatureToExplain): readonly Finding[] {
  const { fields, operation = 'upload', knownSecrets, nowSeconds } = request;
  const one = (name: string) => fields.find(([each]) => each === name)?.[1] ?? null;
  const received = one('signature');
  const view = viewRequest(fields, operation);
  return [
    ...(received === null
      ? [finding('no-signature', 'the request has no signature', 'signature')]
      : explainReceived(received, one('api_key'), view, knownSecrets)),
    ...explainTime(view.signed.timestamp, nowSeconds),
    ...explainText(view),
    ...explainNames(view),
  ];
}

function explainReceived(
  received: string,
  apiKey: string | null,
  view: RequestView,
  knownSecrets: readonly KnownSecret[],
): Finding[] {
  const signature = received.trim().toLowerCase();
  const form = explainForm(received, signature);
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(signature)) return form;
  const own = knownSecrets.filter((known) => known.apiKey === apiKey);
  const others = knownSecrets.filter((known) => known.apiKey !== apiKey);
  const unknown =
    apiKey === null
      ? [finding('no-api-key', 'the request has no api_key', 'api_key')]
      : knownSecrets.length > 0 && own.length === 0
        ? [finding('unknown-api-key', `api_key ${apiKey} is none of the known keys`, 'api_key')]
        : [];
  for (const { apiKey: name, secret } of [...own, ...others]) {
    const cause = causeFor(signature, view, secret);
    if (cause === null) continue;
    const isOwn = name === apiKey;
    if (!isOwn) {
      const message = `the signature was made with the secret of key ${name}, but api_key says ${apiKey ?? 'nothing'}`;
      return [...form, finding('wrong-secret', message, 'api_key'), ...(cause === 'right' ? [] : [cause])];
    }
    if (cause !== 'right') return [...form, cause];
    const text = 'text and secret are right: the key may refuse this algorithm, or the time is at fault';
    return form.length > 0
      ? form
      : [finding('signature-right', `the signature is that of key ${name}: ${text}`)];
  }
  const tried = knownSecrets.map(({ apiKey: name }) => name).join(', ');
  const message =
    knownSecrets.length === 0
      ? 'no secret is known here to compare with'
      : `no usual mistake with the secret of ${tried} gives this signature: another secret, or a value that changed after signing`;
  return [
    ...form,
    ...unknown,
    finding(knownSecrets.length === 0 ? 'no-known-secret' : 'wrong-secret', message),
  ];
}

function explainForm(received: string, signature: string): Finding[] {
  if (received === signature && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(signature)) return [];
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(signature)) {
    return [finding('signature-form', 'the signature must be lower-case hex without spaces', 'signature')];
  }
  const message = /^[\w+/=-]{26,44}$/.test(received.trim())
    ? 'the signature looks like base64: it must be lower-case hex'
    : `the signature has ${signature.length} characters: 40 hex digits for SHA-1, 64 for SHA-256`;
  return [finding('algorithm', message, 'signature')];
}

/** `right` when the secret signed exactly this; the mistake that reproduces the signature; null when none does. */
function causeFor(signature: string, view: RequestView, secret: string): Finding | 'right' | null {
  const algorithm = signature.length === 40 ? 'sha1' : 'sha256';
  const text = stringToSign(view.signed);
  for (const { secret: form, mistake } of secretForms(secret)) {
    if (!verifyHexSignature({ text, signature, secret: form, algorithm })) continue;
    return mistake === null ? 'right' : finding('secret-form', `the client used the secret ${mistake}`);
  }
  for (const make of mistakes) {
    for (const { text: other, means } of make(view)) {
      if (verifyHexSignature({ text: other, signature, secret, algorithm })) return means;
    }
  }
  return null;
}

function explainTime(timestamp: string | undefined, nowSeconds: number): Finding[] {
  const at = 'timestamp';
  if (timestamp === undefined) return [finding('timestamp-missing', 'timestamp is missing', at)];
  const check = checkTimestamp(timestamp, nowSeconds);
  if (check.outcome === 'malformed') {
    return [finding('timestamp-malformed', 'timestamp must be Unix seconds: digits only', at)];
  }
  const unit =
    timestamp.length === 13
      ? [finding('milliseconds', 'timestamp is in milliseconds; this server reads that, others may not', at)]
      : [];
  const ahead = check.seconds - nowSeconds;
  if (check.outcome === 'ok') return unit;
  const problem =
    check.outcome === 'stale'
      ? finding(
          'stale',
          `timestamp is ${-ahead} seconds old: at most one hour; sign anew, or set the clock`,
          at,
        )
      : finding(
          'clock-ahead',
          `timestamp is ${ahead} seconds ahead: at most five minutes; set the clock`,
          at,
        );
  return [...unit, problem];
}

const unsignableTexts = {
  'illegal-parameter-name': (name: string) =>
    `${name} is no parameter name: lower-case letters, digits and _`,
  'encoded-ampersand': (name: string) =>
    `${name} holds the literal text %26, which is refused; send & itself`,
  'illegal-characters': (name: string) => `${name} holds control characters, which are refused`,
} as const;

function explainText({ signed }: RequestView): Finding[] {
  const found = findUnsignableParameter(signed);
  return found === null ? [] : [finding(found.code, unsignableTexts[found.code](found.name), found.name)];
}

/** Sent by every client beside what is signed. */
const expectedOutside: ReadonlySet<string> = new Set(['file', 'api_key', 'cloud_name', 'resource_type']);

function explainNames({ leftOut }: RequestView): Finding[] {
  const names = Object.keys(leftOut).filter((name) => !expectedOutside.has(name));
  return names.map((name) =>
    finding(
      'unknown-parameter',
      `${name} is not known to this operation: it has no effect and is not signed`,
      name,
    ),
  );
}
