import { mergeComponentConfigs } from '@counterseal/widget/components';
import { getContext, setContext } from 'svelte';
import type { CloudinaryConfig } from './cloudinary-config.js';
import { environmentConfig } from './environment.js';

const contextKey = Symbol.for('@counterseal/svelte');

/**
 * Configures every component below the one that calls this while it is set up. A `config` prop wins over it, and it wins over the
 * environment, name by name.
 */
export function configureCloudinary(config: CloudinaryConfig): void {
  setContext(contextKey, config);
}

/** What {@link configureCloudinary} was told above this component; null outside of a component's set-up. */
export function configurationAbove(): CloudinaryConfig | null {
  try {
    return getContext<CloudinaryConfig | undefined>(contextKey) ?? null;
  } catch {
    return null;
  }
}

/** `config` prop, context, environment, in this order (widgets reference, section 3.3). */
export function resolveConfig(
  own: CloudinaryConfig | undefined,
  above: CloudinaryConfig | null,
): CloudinaryConfig {
  return mergeComponentConfigs(own, above, environmentConfig());
}
