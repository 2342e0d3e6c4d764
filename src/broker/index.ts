/** The only way out: model API, egress, credentials. Everything that comes over its socket is hostile. */
export { Broker, type BrokerOptions } from './broker.ts';
export { fingerprintLines, matchDisclosures } from './disclosure.ts';
export { createRunAuthority, type RunAuthority } from './egress/index.ts';
export type { DestinationFlow } from './flow.ts';
