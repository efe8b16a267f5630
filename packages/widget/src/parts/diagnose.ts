import { stringToSign } from '@counterseal/protocol';

/**
 * Why the server refused a signature: its string to sign beside ours, and the first parameter in which they differ. For developers;
 * neither string holds a secret. Null when the message is another one.
 */
export function diagnose(message: string, paramsSigned: Readonly<Record<string, string>>): string | null {
  const theirs = /^Invalid Signature .*?String to sign - '(.*)'\.?$/s.exec(message)?.[1];
  if (theirs === undefined) return null;
  const ours = stringToSign(paramsSigned);
  return [`The server signed:  ${theirs}`, `The widget asked for: ${ours}`, difference(theirs, ours)].join(
    '\n',
  );
}

function difference(theirs: string, ours: string): string {
  const [server, widget] = [pairsOf(theirs), pairsOf(ours)];
  for (const name of [...new Set([...server.keys(), ...widget.keys()])].sort()) {
    const [there, here] = [server.get(name), widget.get(name)];
    if (there === here) continue;
    if (there === undefined) return `Only the widget has ${name}: the server does not know this parameter.`;
    if (here === undefined) return `Only the server has ${name}: it was sent, but not signed.`;
    return `They differ in ${name}: the server has '${there}', the widget '${here}'.`;
  }
  return 'Both are equal: the secret, the algorithm or the way of hashing differs on the signing side.';
}

function pairsOf(text: string): Map<string, string> {
  return new Map(
    text.split('&').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
