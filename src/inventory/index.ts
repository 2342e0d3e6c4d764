/** The AI bill of materials: which agents run where, what they hold, may do and talk to, and what they really did. */
export { type CycloneDxVersion, cycloneDx } from './cyclonedx/document.ts';
export { credentialLines, type DatedLine } from './dated-lines.ts';
export { INVENTORY_FORMATS, type InventoryFormat, renderInventory } from './format/render.ts';
export type {
  AgentEntry,
  Bit,
  CredentialEntry,
  DataClass,
  DataFlow,
  Exposure,
  Inventory,
  JobEntry,
  LiteralKeyEntry,
  Location,
  ModelUse,
  ObservedUse,
  Pin,
  PinState,
  Provenance,
  RepositoryEntry,
  RuleOfTwo,
  Service,
  ServiceKind,
  Surface,
  SurfaceInForce,
  ToolGrant,
  TrustZone,
} from './model.ts';
export type { ObservedRun, ObservedTool } from './observed/observed-run.ts';
export { readObservedRuns } from './observed/read-runs.ts';
export type { LineDates } from './places.ts';
export { type InventoriedRepository, type InventoryOptions, takeInventory, trifectaJobs } from './take-inventory.ts';
