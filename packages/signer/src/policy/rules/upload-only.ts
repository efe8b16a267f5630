import { allow, type Rule, refuse, withParams } from '../rule.js';

/** What the signer calls itself in requests it completes. */
export const signerSource = 'signer';

/**
 * Makes the signature fit no other operation: it must cover a parameter that only uploads know, `source` or `upload_preset`
 * (threat model S6; rulings, docs/decisions/0002).
 */
export function uploadOnly(): Rule {
  return {
    name: 'upload-only',
    permits: ['source'],
    apply(params, { amend }) {
      if (params.source !== undefined || params.upload_preset !== undefined) return allow(params);
      if (amend) return allow(withParams(params, { source: signerSource }));
      const message =
        'source is missing: without it the signature would fit other operations; send for example source=uw';
      return refuse({ code: 'source-missing', parameter: 'source', rule: 'upload-only', message });
    },
  };
}

/** Every upload must name this preset. */
export function requirePreset(name: string): Rule {
  return {
    name: 'required-preset',
    permits: ['upload_preset'],
    apply(params, { amend }) {
      if (params.upload_preset === name) return allow(params);
      if (amend) return allow(withParams(params, { upload_preset: name }));
      const message = `upload_preset must be '${name}'`;
      return refuse({
        code: 'required-preset',
        parameter: 'upload_preset',
        rule: 'required-preset',
        message,
        required: name,
      });
    },
  };
}
