/** The only way out: model API, egress, credentials. Everything that comes over its socket is hostile. */
export { Broker, type BrokerOptions } from './broker.ts';
export type { BrokerContext, Destination, FlowDelta, FlowMeter } from './context.ts';
export { type Disclosure, fingerprintLines, matchDisclosure } from './disclosure.ts';
export {
  CAPTURED_HEADER,
  type Credential,
  createRunAuthority,
  needsAuthority,
  type RunAuthority,
} from './egress/index.ts';
export type { DataFlow, DestinationFlow } from './flow.ts';
export type { DialectName } from './model/dialects.ts';
export type { ActionsOf, ReadableCall } from './model/tool-firewall.ts';
