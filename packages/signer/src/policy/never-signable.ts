/**
 * Upload parameters that are not signed on a client's word, and why. A policy that wants one names it (`allowDangerous`), or
 * forces a value of its own. Names that upload does not know at all are treated alike.
 */
export const neverSignable: Readonly<Record<string, string>> = {
  notification_url: 'the server would call an address of the client',
  eager_notification_url: 'the server would call an address of the client',
  type: 'it decides who may see the asset, and makes the signature fit other operations',
  access_control: 'it decides who may see the asset',
  access_mode: 'it decides who may see the asset',
  overwrite: 'the client could replace any asset',
  invalidate: 'it belongs to replacing and removing assets',
  eval: 'it runs code of the client on the server',
  on_success: 'it runs code of the client on the server',
  callback: 'it sends the browser to an address of the client',
  proxy: 'it chooses the way out of the network',
  headers: 'it sets headers of requests and answers',
};
