import { isIP } from 'node:net';

/** Longest possible prefix by address family. */
const maxPrefix = { 0: -1, 4: 32, 6: 128 } as const satisfies Record<number, number>;

export interface CidrList {
  readonly cidrs: readonly string[];
  /** One line for each entry that is no range; empty when the list is good. */
  readonly problems: readonly string[];
}

/** Reads a list of CIDR ranges, separated by commas or space. Reports everything that is wrong with it at once. */
export function parseCidrList(text: string): CidrList {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  return {
    cidrs: entries.filter(isCidr),
    problems: entries
      .filter((entry) => !isCidr(entry))
      .map((entry) => `${JSON.stringify(entry)} is not a CIDR range (for example 10.0.0.0/8 or fd00::/8)`),
  };
}

export function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const family = isIP(address);
  if (rest.length > 0 || address.includes('%') || !/^(0|[1-9][0-9]{0,2})$/.test(prefix)) return false;
  return family !== 0 && Number(prefix) <= maxPrefix[family as 4 | 6];
}
