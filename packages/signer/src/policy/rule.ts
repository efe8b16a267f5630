import { canonicalParams } from '@counterseal/protocol';

/** Parameters as they will be signed and sent: text, nothing empty, no prototype. */
export type Params = Readonly<Record<string, string>>;

export interface RuleContext {
  readonly nowSeconds: number;
  /** Whether the caller takes changed parameters back. Where it does not, a rule refuses instead of changing. */
  readonly amend: boolean;
}

export interface Refusal {
  readonly code: string;
  /** Null when the refusal is about no single parameter. */
  readonly parameter: string | null;
  /** The rule that refused, as {@link Rule.name} says it. */
  readonly rule: string;
  readonly message: string;
  /** The value that would have been signed. */
  readonly required?: string;
}

export type Verdict =
  | { readonly outcome: 'allow'; readonly params: Params }
  | { readonly outcome: 'refuse'; readonly refusal: Refusal };

/** One rule of a policy. A rule without `apply` only permits names. */
export interface Rule {
  readonly name: string;
  /** Parameters a client may set. What no rule of the policy permits is refused. */
  readonly permits?: readonly string[];
  /** The same for names that are never signed on a client's word, and for names that other operations know. */
  readonly permitsDangerous?: readonly string[];
  /** Parameters whose values may hold `&`. */
  readonly permitsAmpersandIn?: readonly string[];
  readonly apply?: (params: Params, context: RuleContext) => Verdict;
}

/** What the rules of a policy let a client set, all together. */
export interface Permissions {
  readonly names: ReadonlySet<string>;
  readonly dangerous: ReadonlySet<string>;
  readonly ampersandIn: ReadonlySet<string>;
}

export function allow(params: Params): Verdict {
  return { outcome: 'allow', params };
}

export function refuse(refusal: Refusal): Verdict {
  return { outcome: 'refuse', refusal };
}

/** The same parameters with some set; an empty value takes one away. */
export function withParams(params: Params, changes: Readonly<Record<string, string>>): Params {
  return canonicalParams({ ...params, ...changes });
}
