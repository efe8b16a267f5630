import { allow, type Rule, refuse, withParams } from '../rule.js';

/** Tags that every upload carries, beside those of the client. */
export function includeTags(...required: readonly string[]): Rule {
  const bad = required.find((tag) => tag === '' || /[,&\p{Control}]|%26/u.test(tag));
  if (bad !== undefined) throw new TypeError(`'${bad}' cannot be a tag of every upload`);
  return {
    name: 'include-tags',
    permits: ['tags'],
    apply(params, { amend }) {
      const given = (params.tags ?? '').split(',').map((tag) => tag.trim());
      const missing = required.filter((tag) => !given.includes(tag));
      if (missing.length === 0) return allow(params);
      const tags = [...given.filter((tag) => tag !== ''), ...missing].join(',');
      if (amend) return allow(withParams(params, { tags }));
      const message = `tags must include ${missing.join(', ')}`;
      return refuse({
        code: 'required-tags',
        parameter: 'tags',
        rule: 'include-tags',
        message,
        required: tags,
      });
    },
  };
}
