import type { ComponentConfig } from '@counterseal/widget/components';

/** How delivery URLs begin, in the names of the original's configuration (widgets reference, section 3.6). */
export interface DeliveryHost {
  /** HTTPS unless false. */
  readonly secure?: boolean | undefined;
  /** Host and port in place of the usual ones, for plain HTTP: `localhost:8420`. */
  readonly cname?: string | undefined;
  /** The same for HTTPS. */
  readonly secureDistribution?: string | undefined;
  /** The host belongs to one cloud, whose name is left out of the path. */
  readonly privateCdn?: boolean | undefined;
}

/** The `config` prop, and the argument of `configureCloudinary`. */
export type CloudinaryConfig = ComponentConfig<DeliveryHost>;
