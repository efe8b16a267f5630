import type { CloudinaryConfig } from '../configuration.js';

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

const originalHost = 'res.cloudinary.com';

/** Scheme and host, and the path's cloud name; empty where the host says it already. Without any host, that of the Upload API. */
export function deliveryBase({ cloudName = '', url = {}, apiUrl }: CloudinaryConfig): {
  readonly base: string;
  readonly cloud: string;
} {
  const { secure = true, cname, secureDistribution, privateCdn = false } = url;
  const cloud = privateCdn ? '' : cloudName;
  const own = secure ? secureDistribution : cname;
  if (own) return { base: `${secure ? 'https' : 'http'}://${own}`, cloud };
  if (apiUrl) return { base: apiUrl.replace(/\/+$/, ''), cloud: cloudName };
  const host = privateCdn ? `${cloudName}-${originalHost}` : originalHost;
  return { base: `${secure ? 'https' : 'http'}://${host}`, cloud };
}
