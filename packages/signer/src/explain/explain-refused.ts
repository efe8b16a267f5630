import { apiSignRequest } from '@counterseal/protocol';
import { compareParams } from './compare-params.js';
import { explainSignature } from './explain-signature.js';
import { type Fields, type Finding, finding, type KnownSecret } from './finding.js';
import type { RefusedRequest } from './read-refused.js';

/** {@link explainSignature} for a pasted request, compared with what the client says it signed where that is known. */
export function explainRefused(
  { fields, operation, clientFields }: RefusedRequest,
  more: { readonly knownSecrets: readonly KnownSecret[]; readonly nowSeconds: number },
): readonly Finding[] {
  const findings = explainSignature({ fields, operation, ...more });
  if (clientFields === null) return findings;
  const client = toParams(clientFields);
  const server = toParams(fields.filter(([name]) => name !== 'signature' && name !== 'api_key'));
  const differences = compareParams(client, server);
  const received = fields.find(([name]) => name === 'signature')?.[1] ?? '';
  const algorithm = received.length === 64 ? 'sha256' : 'sha1';
  const signer = more.knownSecrets.find(
    ({ secret }) => apiSignRequest(client, secret, algorithm) === received,
  );
  if (signer === undefined) return [...differences, ...findings];
  const time = findings.filter(({ parameter }) => parameter === 'timestamp');
  const message = `the signature fits these parameters and the secret of key ${signer.apiKey}: the difference is the cause`;
  return [...differences, finding('secret-right', message), ...time];
}

function toParams(fields: Fields): Record<string, string> {
  const params = new Map<string, string>();
  for (const [rawName, value] of fields) {
    const name = rawName.replace(/\[\d*\]$/, '');
    const before = params.get(name);
    params.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(params);
}
