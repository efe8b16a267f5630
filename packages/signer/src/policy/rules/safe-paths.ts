import { isPublicId } from '@counterseal/protocol';
import { pathParameters } from '../path-text.js';
import { allow, type Rule, refuse } from '../rule.js';

/**
 * Refuses paths that are no public ids: they could leave their folder, or carry other parameters along into a response signature
 * (threat model S7, T10). Permits nothing.
 */
export function safePaths(): Rule {
  const rule = 'safe-path';
  return {
    name: rule,
    apply(params) {
      for (const parameter of pathParameters) {
        const value = params[parameter];
        if (value === undefined || isPublicId(value)) continue;
        const message = `${parameter} must be a plain path: no empty, . or .. segment, none of ? & # \\ % < > +, in Unicode NFC`;
        return refuse({ code: rule, parameter, rule, message });
      }
      return allow(params);
    },
  };
}
