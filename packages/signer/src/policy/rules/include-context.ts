import { allow, type Rule, refuse, withParams } from '../rule.js';

/**
 * Context pairs that every upload carries, for example who owns it. A client may add other pairs, never these. Backslashes are
 * refused in the client's part, and so is JSON: neither may hide a pair (upload-api reference, section 3.3, `context`).
 */
export function includeContext(required: Readonly<Record<string, string>>): Rule {
  const pairs = Object.entries(required);
  const bad = pairs.find(([key, value]) => !isPlain(key) || !isPlain(value));
  if (bad !== undefined) throw new TypeError(`context ${bad[0]} cannot be part of every upload`);
  const ours = pairs.map(([key, value]) => `${key}=${value}`);
  const rule = 'include-context';
  return {
    name: rule,
    permits: ['context'],
    apply(params, { amend }) {
      const text = params.context ?? '';
      if (text.includes('\\') || text.trimStart().startsWith('{')) {
        const message = 'context must be key=value pairs without backslashes';
        return refuse({ code: 'context-form', parameter: 'context', rule, message });
      }
      const given = text.split('|').filter((pair) => pair !== '');
      const others = given.filter((pair) => !pairs.some(([key]) => keyOf(pair) === key));
      const required = [...others, ...ours].join('|');
      const isComplete =
        given.length === others.length + ours.length && ours.every((pair) => given.includes(pair));
      if (isComplete) return allow(params);
      if (amend) return allow(withParams(params, { context: required }));
      const message = `context must carry ${ours.join('|')}, and these keys only once`;
      return refuse({ code: 'required-context', parameter: 'context', rule, message, required });
    },
  };
}

/** The server trims and normalises keys; so does this, or one could pass as another. */
function keyOf(pair: string): string {
  return (pair.split('=')[0] ?? '').trim().normalize('NFC');
}

function isPlain(text: string): boolean {
  return text !== '' && text === text.trim().normalize('NFC') && !/[\\|=&\p{Control}]|%26/u.test(text);
}
