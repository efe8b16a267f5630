import { type Finding, finding } from './finding.js';

type Values = Readonly<Record<string, string>>;

/** What differs between the parameters a client signed and those the server saw. */
export function compareParams(client: Values, server: Values): readonly Finding[] {
  const names = [...new Set([...Object.keys(client), ...Object.keys(server)])].sort();
  return names.flatMap((name): Finding[] => {
    const [signed, seen] = [client[name], server[name]];
    if (signed === seen) return [];
    if (seen === undefined) {
      return [
        finding(
          'extra-parameter',
          `${name} was signed, but is no part of the server's string: not sent, or not known there`,
          name,
        ),
      ];
    }
    if (signed === undefined) {
      return [finding('missing-parameter', `${name} was sent, but not signed`, name)];
    }
    return [finding('different-value', `${name} was signed with another value than it was sent with`, name)];
  });
}
